"""Who answers when: one person at any moment, handed over in writing."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class Span(Func):
    """The range from one column to another, the end not in it."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Shift(models.Model):
    """Somebody of operations is on duty from ``starts_at`` to ``ends_at``. The database refuses two at one moment."""

    credential_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.CharField(max_length=40, help_text="operator:7")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="help_shift_ends_later", condition=Q(ends_at__gt=F("starts_at"))),
            ExclusionConstraint(
                name="help_shift_one_at_a_time",
                expressions=[(Span("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Handover(models.Model):
    """What one person on duty tells the next. Taken over, the running tickets of ``from_id`` become those of ``to_id``; ``moved`` of them."""

    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    note = models.CharField(max_length=2000)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="help_handover_to_another", condition=~Q(from_id=F("to_id"))),
            models.UniqueConstraint(fields=["from_id"], condition=Q(taken_at=None), name="help_handover_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.from_id} {self.at:%Y-%m-%d %H:%M}"
