"""One row per natural person. Enterprises reach them only through functions of the database."""

from django.db import models


class Lease(models.Model):
    """The one study session a person may have open, over all enterprises (clause 二.3)."""

    person_key = models.CharField(max_length=64, primary_key=True)
    session = models.UUIDField()
    schema_name = models.CharField(max_length=63)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.session)


class Day(models.Model):
    """Milliseconds credited to a person on one day in Zhejiang, over all enterprises (clause 三.5).

    ``shares`` says which enterprise debited how much, ``{schema: ms}``: none can give back what another has debited.
    """

    person_key = models.CharField(max_length=64)
    day = models.DateField()
    credited_ms = models.PositiveIntegerField(default=0)
    shares = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_key", "day"], name="one_row_per_person_and_day")]

    def __str__(self) -> str:
        return str(self.day)
