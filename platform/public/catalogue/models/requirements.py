"""The law's training hours."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


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
