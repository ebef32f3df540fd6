"""Tries at quizzes."""

import uuid

from django.db import models
from django.db.models import Q


class QuizTry(models.Model):
    """One try of a learner at a quiz lesson, or at a point of a film (``point``). Answered once, then it stands for good.

    ``items`` are the questions as they were laid out for this try, with their answers: they never leave the server as they are.
    ``responses`` one list of texts for each item. ``score`` in percent of the points; a point is passed with all of them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    assignment_id = models.BigIntegerField()
    version_id = models.BigIntegerField(help_text="Row of the public catalogue")
    courseware_id = models.BigIntegerField()
    point = models.UUIDField(null=True, blank=True, help_text="Of the catalogue; empty: the lesson itself is the quiz")
    number = models.PositiveIntegerField(help_text="Of the learner at this quiz or point, from 1")
    items = models.JSONField()
    opened_at = models.DateTimeField()
    responses = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "courseware_id", "point", "number"], name="quiz_try_number_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["learner", "courseware_id", "point"],
                condition=Q(answered_at__isnull=True),
                name="one_open_try_per_quiz",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["learner", "courseware_id", "point"],
                condition=Q(passed=True),
                name="quiz_passed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="answered_try_has_a_result",
                condition=Q(answered_at=None, score=None, passed=None)
                | Q(answered_at__isnull=False, score__isnull=False, passed__isnull=False, score__lte=100),
            ),
        ]
        indexes = [models.Index(fields=["learner", "version_id"], name="quiz_try_of_learner")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answers."""
        return self.answered_at is None
