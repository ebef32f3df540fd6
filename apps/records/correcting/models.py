"""What somebody says is wrong in the record, and what a second person decided about it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """A proposed correction of one entry. The entry stays as it is; approved, a new one (``result``) names it and says what holds.

    ``changes``: field to ``[before, after]``, e.g. ``{"effective_s": [600, 0]}`` (`fields`). ``proposed_by`` and ``decided_by`` are
    references such as ``manager:12``. The evidence lies sealed in the object store.
    """

    class State(models.TextChoices):
        """Life of a correction."""

        PROPOSED = "PROPOSED", _("待批准")
        APPROVED = "APPROVED", _("已更正")
        DECLINED = "DECLINED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey("records.LedgerEntry", on_delete=models.PROTECT, related_name="corrections")
    entry_hash = models.CharField(max_length=64, help_text="Hash of the entry as it was read, in hex")
    changes = models.JSONField()
    reason = models.CharField(max_length=500)
    evidence_name = models.CharField(max_length=120, blank=True)
    evidence_type = models.CharField(max_length=100, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    evidence_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=40)
    proposed_name = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="Of who decided")
    result = models.OneToOneField("records.LedgerEntry", on_delete=models.PROTECT, null=True, blank=True, related_name="made_by")
    sealed_files = {"evidence_key": "correction-evidence"}

    class Meta:
        constraints = [
            models.CheckConstraint(name="correction_decided_by_another", condition=~Q(decided_by=F("proposed_by"))),
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="correction_decided_by_somebody",
                condition=Q(state__in=["PROPOSED", "WITHDRAWN"], decided_by="", decided_at__isnull=True, result__isnull=True)
                | Q(state="APPROVED", decided_by__gt="", decided_at__isnull=False, result__isnull=False)
                | Q(state="DECLINED", decided_by__gt="", decided_at__isnull=False, result__isnull=True, words__gt=""),
            ),
            models.UniqueConstraint(fields=["entry"], name="correction_proposed_once", condition=Q(state="PROPOSED")),
        ]
        indexes = [models.Index(fields=["state", "-proposed_at"], name="correction_by_state")]

    def __str__(self) -> str:
        return f"{self.state} {self.uuid}"
