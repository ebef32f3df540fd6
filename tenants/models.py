"""Rows of the public schema that say which enterprises exist and where they live."""

import uuid as uuid_module

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.keys.models import DataKey, Rotation

__all__ = ["DataKey", "Domain", "Enterprise", "PooledSchema", "Rotation"]


class Enterprise(TenantMixin):  # type: ignore[misc]
    """One enterprise: one schema, one database role, one subdomain. Its row is never deleted.

    ``destroyed_at``: the legal periods after its closing are over and what it had was destroyed (`public.lifecycle.destruction`): no schema,
    no role and no host name stand behind the row any more. Its company may sign up anew; its subdomain stays taken.
    """

    auto_create_schema = False
    auto_drop_schema = False

    class Status(models.TextChoices):
        """Life cycle."""

        ACTIVE = "ACTIVE", _("使用中")
        SUSPENDED = "SUSPENDED", _("已停用")
        CLOSING = "CLOSING", _("注销中")
        CLOSED = "CLOSED", _("已注销")

    class Hazard(models.TextChoices):
        """How the law sorts enterprises for training hours (国家安全监管总局令第3号 arts. 9, 13)."""

        GENERAL = "GENERAL", _("一般企业")
        HIGH = "HIGH", _("高危企业（矿山、危险化学品、烟花爆竹、金属冶炼等）")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18)
    subdomain = models.CharField(max_length=40, unique=True)
    subdomain_skeleton = models.CharField(max_length=40, unique=True, help_text="What the eye sees of it; stops look-alikes")
    industry_code = models.CharField(max_length=5)
    hazard = models.CharField(max_length=10, choices=Hazard.choices)
    division_code = models.CharField(max_length=6)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    status_reason = models.CharField(max_length=300, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True, help_text="CLOSING: until when its owner may think better of it")
    visited_until = models.DateTimeField(null=True, blank=True, help_text="Until when an operator may look, by the owner's leave")
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True, blank=True, help_text="Since when nothing of it is here but this row")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=models.Q(destroyed_at=None), name="enterprise_uscc_once"),
            models.CheckConstraint(
                name="enterprise_destroyed_when_closed", condition=models.Q(destroyed_at=None) | models.Q(status="CLOSED")
            ),
            models.CheckConstraint(name="enterprise_division_six_digits", condition=models.Q(division_code__regex=r"^\d{6}$")),
            models.CheckConstraint(
                name="enterprise_closing_ends", condition=~models.Q(status="CLOSING") | models.Q(closes_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["division_code"], name="enterprise_division")]

    def __str__(self) -> str:
        return f"{self.name} ({self.subdomain})"


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that leads to an enterprise."""


class PooledSchema(models.Model):
    """A warm schema that waits for its enterprise; ``fingerprint`` names the migrations it has."""

    name = models.CharField(max_length=63, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["fingerprint", "name"], name="pool_fingerprint")]

    def __str__(self) -> str:
        return self.name
