"""Questions that are reviewed together: what was put before the reviewers, and the four signed verdicts on it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.review.models.decisions import Angle, Decision


class QuestionBatch(models.Model):
    """Drafts of one author as they were put before the reviewers. What it holds never changes, only where it stands.

    ``content`` is ``{"questions": [item, …]}``; ``digest`` its SHA-256 (64 hex digits) over canonical JSON (RFC 8785).
    """

    class State(models.TextChoices):
        """Progress."""

        IN_REVIEW = "IN_REVIEW", _("审核中")
        RETURNED = "RETURNED", _("已退回")
        PASSED = "PASSED", _("待发布")
        PUBLISHED = "PUBLISHED", _("已发布")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_REVIEW)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    size = models.PositiveSmallIntegerField(help_text="How many questions")
    author_id = models.BigIntegerField(help_text="Credential")
    author_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="question_batch_open")]

    def __str__(self) -> str:
        return f"{self.title} {self.state}"


class BatchVersion(models.Model):
    """A version of a question that lies in a batch."""

    batch = models.ForeignKey(QuestionBatch, on_delete=models.PROTECT, related_name="lines")
    version = models.ForeignKey("questions.QuestionVersion", on_delete=models.PROTECT, related_name="batch_lines")
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "version"], name="batch_version_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} -> {self.version_id}"


class BatchVerdict(models.Model):
    """One reviewer's signed verdict on one angle of a batch (clause 三.1). It neither changes nor vanishes.

    ``remarks`` are words on single questions, ``{code: words}``; the rest as in `Decision`.
    """

    batch = models.ForeignKey(QuestionBatch, on_delete=models.PROTECT, related_name="verdicts")
    angle = models.CharField(max_length=14, choices=Angle.choices)
    verdict = models.CharField(max_length=6, choices=Decision.Verdict.choices)
    note = models.TextField(blank=True)
    remarks = models.JSONField(default=dict)
    checklist = models.CharField(max_length=40)
    checks = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=120)
    key_id = models.CharField(max_length=16)
    reviewer_id = models.BigIntegerField()
    reviewer_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "angle"], name="one_verdict_per_angle_of_a_batch"),
            models.CheckConstraint(name="a_batch_verdict_is_signed", condition=~Q(signature="")),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.angle} {self.verdict}"
