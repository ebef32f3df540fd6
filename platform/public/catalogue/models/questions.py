"""The shared question bank and the law's training hours."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Question(models.Model):
    """One question of the shared bank, in one version."""

    class Kind(models.TextChoices):
        """How it is answered."""

        SINGLE = "single", _("单选题")
        MULTIPLE = "multiple", _("多选题")
        JUDGE = "judge", _("判断题")

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    topic = models.CharField(max_length=40, db_index=False)
    difficulty = models.PositiveSmallIntegerField()
    stem = models.TextField()
    options = models.JSONField(help_text='[{"key": "A", "text": "…"}]')
    answer = models.JSONField(help_text='["A"]')
    explanation = models.TextField(blank=True)
    basis = models.CharField(max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        indexes = [models.Index(fields=["topic"], name="question_topic", condition=Q(retired_at__isnull=True))]

    def __str__(self) -> str:
        return self.code


class TrainingRequirement(models.Model):
    """Hours that the law asks of one kind of trainee, as a dated row: law changes, old plans keep their row."""

    class Stage(models.TextChoices):
        """When the training is due."""

        INITIAL = "INITIAL", _("初次培训")
        ANNUAL = "ANNUAL", _("年度再培训")
        EVENT = "EVENT", _("按事由培训")

    code = models.CharField(max_length=20)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    title = models.CharField(max_length=80)
    hours = models.PositiveIntegerField(
        null=True, blank=True, help_text="Legal floor in credit hours; empty where the law names none"
    )
    suggested_hours = models.PositiveIntegerField(default=0)
    levels = models.JSONField(default=dict, help_text="Three-level split in hours, tenant may move it")
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "stage", "valid_from"], name="requirement_once_per_date"),
            models.CheckConstraint(
                name="requirement_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.stage}"
