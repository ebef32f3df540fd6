"""Rows of exams."""

import uuid

from django.db import models
from django.db.models import F, Q

from apps.exams.mistakes.models import Collected, Mistake, Practice

__all__ = ["Attempt", "Collected", "Mistake", "Practice"]


class Attempt(models.Model):
    """One try at one assignment's exam. ``paper`` is the whole paper as it was drawn, with the key; only the server reads it.

    ``answers`` maps a question's number (text) to the chosen keys as shown. Times are the server's alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey("plans.Assignment", on_delete=models.PROTECT, related_name="+")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="1 for the first try")
    paper = models.JSONField()
    answers = models.JSONField(default=dict)
    pass_score = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0-100")
    passed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(submitted_at__isnull=True), name="one_open_attempt"),
            models.UniqueConstraint(fields=["assignment", "number"], name="attempt_number_once"),
            models.CheckConstraint(name="attempt_due_after_start", condition=Q(due_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="submitted_has_a_result",
                condition=Q(submitted_at__isnull=True, score__isnull=True, passed__isnull=True)
                | Q(submitted_at__isnull=False, score__lte=100, passed__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "started_at"], name="attempt_learner"),
            models.Index(fields=["submitted_at"], name="attempt_by_day"),
            models.Index(fields=["due_at"], condition=Q(submitted_at__isnull=True), name="attempt_open_due"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} #{self.number}"
