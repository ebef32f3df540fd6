"""Leave to look around in an enterprise."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Enterprise


class Visit(models.Model):
    """Leave for one operator to look around in an enterprise: asked for with a reason, given by its owner, read-only, until an end.

    Leave to read one complainant's record for one case is another thing (`public.complaints`). ``ticket``: SHA-256 of the one-time ticket
    that leads from the desk into the enterprise, emptied when it is used.
    """

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "ASKED", _("待企业同意")
        GRANTED = "GRANTED", _("已同意")
        REFUSED = "REFUSED", _("未同意")
        ENDED = "ENDED", _("已结束")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(help_text="How long, from the moment of leave")
    operator_id = models.BigIntegerField(help_text="Credential of who asked, and who alone may enter")
    operator_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField(help_text="A question that nobody answered by then is no question any more")
    decided_by = models.CharField(max_length=80, blank=True, help_text="A reference such as manager:12")
    decided_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ticket = models.CharField(max_length=64, blank=True)
    ticket_until = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0, help_text="How many pages were seen")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(state__in=["ASKED", "GRANTED"]), name="one_open_visit"),
            models.CheckConstraint(name="visit_at_most_eight_hours", condition=Q(minutes__range=(15, 480))),
            models.CheckConstraint(
                name="visit_granted_by_somebody",
                condition=~Q(state="GRANTED") | (~Q(decided_by="") & Q(expires_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="visit_granted_within", condition=Q(decided_by="") | Q(decided_by__startswith="manager:")
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "asked_at"], name="visit_of_enterprise")]

    def __str__(self) -> str:
        return str(self.uuid)

    def holds(self, at: datetime) -> bool:
        """Whether it allows looking at a moment."""
        return self.state == self.State.GRANTED and self.expires_at is not None and at < self.expires_at

    def waits(self, at: datetime) -> bool:
        """Whether the owner may still answer."""
        return self.state == self.State.ASKED and at < self.lapses_at
