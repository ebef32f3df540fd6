"""Rows that reach the authority. Enterprises may add and see their own (row-level security), never change them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from public.regulators.exchange.models import DayFile, Delivery, Outgoing, Parcel, Partner
from tenants.database.stamps import EnterpriseSchema

__all__ = [
    "CertificateChange",
    "CertificateListing",
    "CertificateRule",
    "DayFile",
    "Delivery",
    "FeedRecord",
    "Outgoing",
    "Parcel",
    "Partner",
    "Regulator",
]


class Regulator(models.Model):
    """An authority's account; sees enterprises whose division begins with its prefix (``33``, ``3302``, ``330203``)."""

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="regulator")
    organisation = models.CharField(max_length=80)
    division_prefix = models.CharField(max_length=6)
    api_key_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    api_key_made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="regulator_prefix", condition=models.Q(division_prefix__regex=r"^\d{2}(\d{2}){0,2}$")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.division_prefix})"


class FeedRecord(models.Model):
    """One record on its way to the authority, written in the transaction that made it (outbox)."""

    class Kind(models.TextChoices):
        """The four kinds of clause 七.1, and what an authority needs beside them to supervise."""

        LEARNER = "LEARNER", _("学员身份")
        SESSION = "SESSION", _("学习过程")
        EXAM = "EXAM", _("考试结果")
        CERTIFICATE = "CERTIFICATE", _("学习证明")
        ENTERPRISE = "ENTERPRISE", _("企业信息")
        COMPLAINT = "COMPLAINT", _("投诉处理")
        DAILY = "DAILY", _("每日统计")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.UUIDField()
    body = models.JSONField()
    day = models.DateField(help_text="Day in Zhejiang on which it happened")
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        indexes = [
            models.Index(fields=["day", "id"], name="feed_day"),
            models.Index(fields=["subject"], condition=models.Q(kind="LEARNER"), name="feed_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class CertificateListing(models.Model):
    """What strangers may learn of a certificate by its code: masked name, course, hours, signature."""

    code = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=40, unique=True)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    body = models.JSONField()
    signature = models.CharField(max_length=100)
    key_id = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    def __str__(self) -> str:
        return self.number


class CertificateRule(models.Model):
    """How certificates of one kind of training look and how long they are valid, from a day on (decision 0061).

    ``requirement``: code of a row of the law (``CY-HR``), its first letters (``CY``), or "" for all others; ``stage``: of the training, or "".
    The most exact row in force on the day of issue counts; what it said is copied into the certificate.
    """

    requirement = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=30, help_text="Printed as the heading")
    design = models.CharField(max_length=20, help_text="Layout of the print")
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Valid so long; empty: for ever")
    basis = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="First day on which it no longer counts")
    enterprise_may = ("SELECT",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requirement", "stage", "valid_from"], name="certificate_rule_once_per_date"),
            models.CheckConstraint(
                name="certificate_rule_period",
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} {self.stage} {self.valid_from}"


class CertificateChange(models.Model):
    """What became of a certificate after its issue, for strangers: renewed by another, revoked, replaced by a right one after that, or what it
    rests on was corrected. Written with the entry of the ledger.

    ``other_code`` and ``other_number``: the certificate that renews or replaces it; ``entry``: hash of the ledger's entry that says the same, in hex.
    """

    class Kind(models.TextChoices):
        """What became of it."""

        RENEWED = "RENEWED", _("已续期")
        REVOKED = "REVOKED", _("已撤销")
        CORRECTED = "CORRECTED", _("有更正")
        REPLACED = "REPLACED", _("已换发")

    class Reason(models.TextChoices):
        """Why it was revoked, in a word."""

        UNTRUE = "UNTRUE", _("学习记录不实")
        IMPOSTOR = "IMPOSTOR", _("由他人代学代考")
        MISTAKE = "MISTAKE", _("内容有误，另行补发")
        OTHER = "OTHER", _("其他原因")

    code = models.CharField(max_length=32)
    schema_name = models.CharField(max_length=63, db_default=EnterpriseSchema())
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    other_code = models.CharField(max_length=32, blank=True)
    other_number = models.CharField(max_length=40, blank=True)
    entry = models.CharField(max_length=64)
    at = models.DateTimeField()
    append_only = True
    enterprise_may = ("SELECT", "INSERT")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "kind", "entry"], name="certificate_change_of_entry_once"),
            models.UniqueConstraint(
                fields=["code", "kind"], name="certificate_change_once", condition=~models.Q(kind="CORRECTED")
            ),
            models.CheckConstraint(
                name="certificate_change_says_why",
                condition=models.Q(kind="REVOKED") & ~models.Q(reason="")
                | models.Q(kind__in=["RENEWED", "REPLACED"]) & ~models.Q(other_code="")
                | models.Q(kind="CORRECTED", reason="", other_code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
