"""Rows that reach the authority. Enterprises may add and see their own (row-level security), never change them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.database.stamps import EnterpriseSchema


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
        """The four kinds of clause 七.1."""

        LEARNER = "LEARNER", _("学员身份")
        SESSION = "SESSION", _("学习过程")
        EXAM = "EXAM", _("考试结果")
        CERTIFICATE = "CERTIFICATE", _("学习证明")

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
