"""Who teaches, and what entitles them to."""

from django.db import models
from django.db.models import F, Q


class Trainer(models.Model):
    """A person who teaches courses."""

    name = models.CharField(max_length=40)
    qualification = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    provider_schema = models.CharField(
        max_length=63, blank=True, help_text="Enterprise the trainer belongs to; empty: the platform"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    enterprise_may = ("SELECT",)

    def __str__(self) -> str:
        return self.name


class TrainerQualification(models.Model):
    """A certificate that entitles a trainer to teach, with its term and the scan that proves it."""

    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="qualifications")
    title = models.CharField(max_length=80)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="Last day; empty: without end")
    evidence = models.UUIDField(null=True, blank=True, help_text="Upload with the scan")
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="qualification_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.trainer_id} {self.title}"
