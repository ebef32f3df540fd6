"""Rows of the book."""

import uuid

from django.db import models
from django.db.models import F, Q

from apps.exams.mistakes.memory import Memory


class Mistake(models.Model):
    """One question that a learner answered wrongly, in all its versions, until it is mastered; and how well it sits.

    ``item`` is the question as it was answered wrongly last, with its key: only the server reads it. Memory is counted in days of
    Zhejiang (`memory.py`). ``mastered_at``: it left the book; a wrong answer, or the learner, brings it back.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    item = models.JSONField()
    point = models.CharField(max_length=40)
    times = models.PositiveSmallIntegerField(default=1, help_text="How often it was answered wrongly")
    first_wrong_at = models.DateTimeField()
    last_wrong_at = models.DateTimeField()
    due_on = models.DateField()
    stability = models.FloatField(null=True, blank=True)
    difficulty = models.FloatField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    mastered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "key"], name="mistake_once"),
            models.CheckConstraint(name="mistake_times", condition=Q(times__gte=1)),
            models.CheckConstraint(
                name="mistake_memory_whole",
                condition=Q(stability__isnull=True, difficulty__isnull=True, reviewed_on__isnull=True)
                | Q(stability__isnull=False, stability__gt=0, difficulty__isnull=False, reviewed_on__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["learner", "due_on"], condition=Q(mastered_at__isnull=True), name="mistake_due")]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.key}"

    @property
    def memory(self) -> Memory:
        """How well it sits."""
        return Memory(self.due_on, self.stability, self.difficulty, self.reviewed_on)

    @memory.setter
    def memory(self, known: Memory) -> None:
        self.due_on, self.stability = known.due_on, known.stability
        self.difficulty, self.reviewed_on = known.difficulty, known.reviewed_on


class Collected(models.Model):
    """One answer of an exam, a quiz or a practice, right or wrong: what weak points are counted from, and what was taken in already.

    ``ref`` is the attempt's, the quiz's or the practice's uuid, ``no`` the question's number there.
    """

    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8)
    ref = models.UUIDField()
    no = models.PositiveSmallIntegerField()
    assignment = models.ForeignKey("plans.Assignment", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    point = models.CharField(max_length=40)
    topic = models.CharField(max_length=40, blank=True)
    right = models.BooleanField()
    held = models.BooleanField(
        default=False, db_default=False, help_text="Wrong, and stays out of the book while its quiz is asked again"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "no"], name="collected_once")]
        indexes = [
            models.Index(fields=["at"], condition=~Q(source="practice"), name="collected_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.no}"


class Practice(models.Model):
    """One sitting of practice: up to ten questions, options shuffled anew. Nothing in it earns learning time.

    ``items``: as laid out, with their keys: only the server reads them. ``answers`` maps a question's number (text) to
    ``{"response": [...], "right": bool | None, "mastered": bool}``; right is None while a text waits for its learner's judgement.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=40, blank=True, help_text="The point that is practised; empty: what is due")
    items = models.JSONField()
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(finished_at__isnull=True), name="one_open_practice"),
            models.CheckConstraint(
                name="practice_ends_after_start", condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
