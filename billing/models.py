"""What an enterprise is subscribed to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Subscription(models.Model):
    """One plan of one enterprise for a span of time. A new plan is a new row."""

    class Plan(models.TextChoices):
        """Plans."""

        TRIAL = "TRIAL", _("试用")

    enterprise = models.ForeignKey("tenants.Enterprise", on_delete=models.PROTECT, related_name="subscriptions")
    plan = models.CharField(max_length=10, choices=Plan.choices)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="subscription_has_a_span", condition=Q(ends_at__gt=F("started_at"))),
            models.UniqueConstraint(fields=["enterprise"], condition=Q(plan="TRIAL"), name="one_trial_each"),
        ]
        indexes = [models.Index(fields=["enterprise", "-ends_at"], name="subscription_latest")]

    def __str__(self) -> str:
        return f"{self.plan} of {self.enterprise_id}"
