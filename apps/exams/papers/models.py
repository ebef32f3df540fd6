"""Rows of papers: what a manager calls a paper, and each of its revisions. A revision that a plan has taken never changes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Paper(models.Model):
    """A paper; what it says is in its newest revision. A retired one is offered to no plan; plans that hold it go on."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.uuid)


class PaperRevision(models.Model):
    """What a paper says, see `shapes.Draft`. ``used_at``: a plan took it then; a trigger keeps it as it is from there on.

    ``content``: rows of a drawn paper or chosen questions of a fixed one. ``questions`` and ``points`` follow from it, for lists.
    """

    class Mode(models.TextChoices):
        """How its questions are found."""

        DRAWN = "DRAWN", _("随机抽题")
        FIXED = "FIXED", _("固定试题")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(help_text="1 for the first")
    title = models.CharField(max_length=80)
    mode = models.CharField(max_length=5, choices=Mode.choices)
    content = models.JSONField(default=list)
    questions = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    pass_score = models.PositiveSmallIntegerField(help_text="Percent of the points")
    tries = models.PositiveSmallIntegerField()
    policy = models.JSONField(default=dict, help_text="`ExamPolicy`")
    is_shuffled = models.BooleanField(default=True)
    saved_by = models.CharField(max_length=80)
    saved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_revision_number_once"),
            models.CheckConstraint(name="paper_pass_score_percent", condition=Q(pass_score__gte=60, pass_score__lte=100)),
            models.CheckConstraint(
                name="paper_has_questions", condition=Q(questions__gte=1, questions__lte=100, points__gte=1, minutes__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} #{self.number}"
