"""Questions within a version: a lesson of its own, or a stop in a film."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.catalogue.models.courses import CourseVersion, Courseware


class Quiz(models.Model):
    """A quiz that is a lesson (``at_ms`` None, its courseware has no media), or a point of a film at which it stops and asks.

    ``questions`` names versions of shared questions, which never change; with ``topics`` and ``count`` each try draws anew.
    Frozen with its version. Answering it earns no time (exclusion rule (a): on-line tests are no learning time).
    """

    class OnWrong(models.TextChoices):
        """What follows a wrong answer at a point."""

        AGAIN = "again", _("可再答，再错回到本段开头")
        BACK = "back", _("回到本段开头重看")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="quizzes")
    courseware = models.ForeignKey(Courseware, on_delete=models.CASCADE, related_name="quizzes")
    at_ms = models.PositiveIntegerField(null=True, blank=True, help_text="Where the film stops; empty: the lesson is the quiz")
    questions = models.JSONField(default=list, help_text='[{"question": "<uuid>", "version": 3}] in order')
    topics = models.JSONField(default=list)
    count = models.PositiveSmallIntegerField(default=0, help_text="Questions drawn from the topics for each try")
    pass_score = models.PositiveSmallIntegerField(default=80)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Tries before the learner must study again; 0: any number")
    restudy_minutes = models.PositiveSmallIntegerField(default=0)
    on_wrong = models.CharField(max_length=5, choices=OnWrong.choices, default=OnWrong.AGAIN)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["courseware"], condition=Q(at_ms__isnull=True), name="one_quiz_per_lesson"),
            models.UniqueConstraint(fields=["courseware", "at_ms"], name="one_point_at_a_time"),
            models.CheckConstraint(name="quiz_pass_percent", condition=Q(pass_score__gte=1, pass_score__lte=100)),
            models.CheckConstraint(name="points_ask_chosen_questions", condition=Q(at_ms__isnull=True) | Q(count=0)),
        ]

    def __str__(self) -> str:
        return f"{self.courseware_id} {self.at_ms}"
