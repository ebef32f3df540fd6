"""Certificates, and proposals to revoke one."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Certificate(models.Model):
    """One training certificate: everything it says is copied into the row and signed. The row never changes.

    What became of it later (renewed, revoked) are entries of the ledger, and rows that strangers see (`public.regulators` `CertificateChange`).

    ``body`` is what the holder sees, ``listing`` what a stranger sees (masked name, and the fingerprint of ``body``);
    the signature is over the canonical JSON of ``listing``. ``replaces``: the revoked one of the same assignment whose facts were wrong; each
    is replaced once, so that at most one of an assignment is not replaced.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    serial = models.PositiveIntegerField(unique=True, help_text="1, 2, 3 … within the enterprise, without gaps")
    number = models.CharField(max_length=40)
    code = models.CharField(max_length=32, help_text="At least 64 random bits, leads to the public page")
    subject = models.UUIDField(help_text="The learner's uuid")
    issued_for = models.UUIDField(help_text="The assignment that was completed")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    body = models.JSONField()
    listing = models.JSONField()
    signature = models.CharField(max_length=100)
    key_id = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="certificate_number_once"),
            models.UniqueConstraint(fields=["code"], name="certificate_code_once"),
            models.UniqueConstraint(fields=["issued_for"], condition=Q(replaces=None), name="certificate_first_once"),
            models.UniqueConstraint(fields=["issued_for", "subject", "id"], name="certificate_of_one_duty"),
            models.CheckConstraint(
                name="certificate_replaces_an_earlier_one", condition=Q(replaces=None) | Q(replaces__lt=F("id"))
            ),
        ]
        indexes = [models.Index(fields=["subject", "issued_at"], name="certificate_subject")]

    def __str__(self) -> str:
        return self.number


class Revocation(models.Model):
    """A manager's proposal to revoke a certificate; another manager decides. Managers are known here by number and name alone.

    ``entry_n``: the learner's entry that carries it out.
    """

    class State(models.TextChoices):
        """Life of a proposal."""

        PROPOSED = "PROPOSED", _("待审批")
        APPROVED = "APPROVED", _("已撤销")
        DECLINED = "DECLINED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="revocations")
    reason = models.CharField(max_length=10, help_text="`public.regulators` `CertificateChange.Reason`")
    words = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.BigIntegerField()
    proposed_name = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True, blank=True)
    decided_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    entry_n = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(state__in=["PROPOSED", "APPROVED"]), name="one_open_revocation"
            ),
            models.CheckConstraint(
                name="revocation_by_two",
                condition=~Q(state__in=["APPROVED", "DECLINED"]) | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="revocation_in_the_ledger",
                condition=Q(state="APPROVED", entry_n__isnull=False) | ~Q(state="APPROVED") & Q(entry_n=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.certificate_id}"

    @property
    def reason_label(self) -> str:
        """The reason in words."""
        from public.regulators.api import CertificateChange

        return str(dict(CertificateChange.Reason.choices).get(self.reason, self.reason))
