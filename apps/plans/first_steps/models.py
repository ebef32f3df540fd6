"""What an enterprise has decided about its first steps."""

from django.db import models


class FirstSteps(models.Model):
    """The one row of an enterprise; none means: shown as long as something is undone."""

    only = models.BooleanField(primary_key=True, default=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="first_steps_once", condition=models.Q(only=True))]

    def __str__(self) -> str:
        return "first steps"
