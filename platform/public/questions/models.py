"""Rows of the shared banks. A version never changes once it was submitted; questions are retired, never deleted."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.questions.content import KINDS


class SharedBank(models.Model):
    """A named set of questions that all enterprises may draw from."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=60, unique=True)
    about = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    enterprise_may = ("SELECT",)

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question through all its versions; ``retired_at``: no paper draws it any more, old papers keep it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(SharedBank, on_delete=models.PROTECT, related_name="questions")
    code = models.CharField(max_length=20, unique=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=200, blank=True)
    enterprise_may = ("SELECT",)

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """What a question says: draft, then frozen for good. The columns beside ``content`` repeat it for searching.

    ``content`` as in ``content.py``; ``words`` are its letters alone, which finds near copies.
    """

    class State(models.TextChoices):
        """Where it stands. A version is retired by its successor, or with its question."""

        DRAFT = "DRAFT", _("草稿")
        IN_REVIEW = "IN_REVIEW", _("审核中")
        PUBLISHED = "PUBLISHED", _("已发布")
        RETIRED = "RETIRED", _("已停用")

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(max_length=10, choices=list(KINDS.items()))
    topic = models.CharField(max_length=40)
    points = models.JSONField(default=list)
    difficulty = models.PositiveSmallIntegerField()
    basis = models.TextField(blank=True, help_text="Every law that the question or a part of it names, one a line")
    content = models.JSONField()
    words = models.TextField()
    fingerprint = models.CharField(max_length=64, db_index=True)
    author_id = models.BigIntegerField(help_text="Credential of the platform person who wrote it; 0: part of the product")
    note = models.CharField(max_length=200, blank=True, help_text="Why there is this version")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.UniqueConstraint(fields=["question"], condition=Q(state="PUBLISHED"), name="one_published_question"),
            models.UniqueConstraint(
                fields=["question"], condition=Q(state__in=["DRAFT", "IN_REVIEW"]), name="one_question_in_work"
            ),
            models.CheckConstraint(
                name="published_question_has_a_date", condition=~Q(state="PUBLISHED") | Q(published_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["topic"], name="questions_by_topic", condition=Q(state="PUBLISHED")),
            GinIndex(fields=["words"], name="questions_words", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} V{self.number}"
