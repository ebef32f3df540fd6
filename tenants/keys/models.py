"""Data keys, wrapped, and the jobs that put new ones in their place. Rows of `public`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """One data key of an enterprise or of the platform, as the key service wrapped it. The highest number seals, all open.

    ``owner``: an enterprise's uuid, or ``platform``; ``schema_name`` says who may read the row (row-level security). No row is ever deleted:
    what it sealed, also in backups and packages that were put away, would be lost. Only when everything of a closed enterprise is destroyed are
    its keys emptied (``destroyed_at``); number and time stay.
    """

    owner = models.CharField(max_length=36)
    schema_name = models.CharField(max_length=63)
    number = models.PositiveIntegerField(help_text="1, 2, 3 … for each owner; stands in the header of every value it sealed")
    wrapped = models.BinaryField(max_length=1000)
    wrapped_by = models.CharField(max_length=60, help_text="Key service and master key; no secret")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True, help_text="Nothing in the database was sealed with it any more")
    destroyed_at = models.DateTimeField(null=True, blank=True, help_text="Emptied: what it sealed is lost for good")
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="data_key_number_once"),
            models.CheckConstraint(name="data_key_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="data_key_emptied_when_destroyed",
                condition=Q(destroyed_at=None) & ~Q(wrapped=b"") | Q(destroyed_at__isnull=False, wrapped=b""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} #{self.number}"


class Rotation(models.Model):
    """One owner's way to a new data key: every sealed value is sealed anew, a few hundred at a time, while everybody works on.

    ``place`` and ``last_pk`` say how far this pass has come, so a worker that dies costs one batch. After a pass that found nothing more it
    waits (SETTLING) until no process can still seal with the old key, and looks once more.
    """

    class State(models.TextChoices):
        """Life cycle."""

        QUEUED = "QUEUED", _("排队中")
        RUNNING = "RUNNING", _("正在更换")
        SETTLING = "SETTLING", _("等待最后核对")
        DONE = "DONE", _("已完成")

    owner = models.CharField(max_length=36)
    schema_name = models.CharField(max_length=63)
    number = models.PositiveIntegerField(default=0, help_text="The new key; 0 until there is one")
    algorithm = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    place = models.PositiveSmallIntegerField(default=0, help_text="Which of the registered columns comes next")
    last_pk = models.BigIntegerField(default=0)
    found = models.PositiveIntegerField(default=0, help_text="Values sealed anew in this pass")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0, help_text="Values of this pass that no key opens; they stay as they are")
    by = models.CharField(max_length=60, help_text="operator:<id> or command")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of whoever works on it")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=~Q(state="DONE"), name="one_rotation_at_a_time"),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="rotation_newest")]

    def __str__(self) -> str:
        return f"{self.owner} -> #{self.number} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state != self.State.DONE
