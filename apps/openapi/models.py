"""Rows of the open interface: keys, webhooks and their deliveries, writes that may be repeated."""

from __future__ import annotations

import uuid as uuid_module

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

__all__ = ["ApiKey", "Hook", "HookDelivery", "RepeatedCall"]


class ApiKey(models.Model):
    """A key of one other system. Of the secret only the SHA-256 is kept: 256 random bits need no slow hash (decision 0068).

    ``prefix`` is the part of it that lists and logs may show. ``networks``: addresses it may come from, empty for all.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    networks = ArrayField(models.CharField(max_length=49), default=list, blank=True)
    per_minute = models.PositiveSmallIntegerField(default=300)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "openapi_key"
        constraints = [
            models.CheckConstraint(name="key_ends_after_it_began", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(name="key_may_something", condition=~Q(scopes=[])),
            models.CheckConstraint(
                name="key_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.prefix}"


class Hook(models.Model):
    """An address of another system that is told what happened. ``kinds``: kinds of ledger entries it wants.

    A new secret is given while the former one still signs beside it until ``former_until``. ``failing_since``: no delivery was taken
    since then; after days of that we stop by ourselves (``off_reason``).
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=300)
    kinds = ArrayField(models.CharField(max_length=20))
    secret_sealed = models.BinaryField()
    former_sealed = models.BinaryField(default=b"")
    former_until = models.DateTimeField(null=True, blank=True)
    is_on = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=40, blank=True, default="")
    failing_since = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sealed_columns = {"secret_sealed": "hook-secret", "former_sealed": "hook-secret"}

    class Meta:
        db_table = "openapi_hook"

    def __str__(self) -> str:
        return f"hook #{self.pk}"


class HookDelivery(models.Model):
    """One happening on its way to one hook. Rows are laid out by a trigger of the ledger, in the transaction of the entry.

    ``entry``, ``n``, ``subject``: of the ledger entry; ``entry`` None for a trial. What is sent is made of the entry, which never changes,
    so each try sends the same. ``uuid`` is the ``webhook-id``, by which the other side knows repeats.
    """

    class State(models.TextChoices):
        """Life cycle: WAITING → SENDING → SENT, or FAILED (tried again at ``next_at``) and in the end GIVEN_UP."""

        WAITING = "WAITING", _("待推送")
        SENDING = "SENDING", _("推送中")
        SENT = "SENT", _("已送达")
        FAILED = "FAILED", _("失败，将重试")
        GIVEN_UP = "GIVEN_UP", _("已放弃")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=20)
    entry = models.BigIntegerField(null=True, blank=True)
    n = models.PositiveIntegerField(default=0)
    subject = models.UUIDField(null=True, blank=True)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True, default="", help_text="Why the last try failed")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP status of the last answer")
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "openapi_delivery"
        constraints = [models.UniqueConstraint(fields=["hook", "entry"], name="hook_told_once")]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="hook_delivery_due",
                condition=Q(state__in=["WAITING", "SENDING", "FAILED"]),
            ),
            models.Index(fields=["-at", "-id"], name="hook_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.kind} {self.state} #{self.pk}"


class RepeatedCall(models.Model):
    """What a write of a key answered, so that its repeat gets the same answer and writes nothing. Kept for a day.

    ``said`` is the ``Idempotency-Key``, ``fingerprint`` the SHA-256 of method, path and body. The answer may name a person: sealed.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    said = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    body_sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()
    sealed_columns = {"body_sealed": "repeated-call"}

    class Meta:
        db_table = "openapi_repeat"
        constraints = [models.UniqueConstraint(fields=["key", "said"], name="call_once_per_key")]
        indexes = [models.Index(fields=["at"], name="call_by_age")]

    def __str__(self) -> str:
        return f"call #{self.pk}"
