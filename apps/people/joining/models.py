"""Rows of joining: links, those who wait behind them, outside accounts, devices, wished phone numbers."""

from __future__ import annotations

import uuid as uuid_module

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Application", "Device", "Invite", "LdapSetup", "OutsideAccount", "PhoneChange", "SsoSetup"]


class Decision(models.TextChoices):
    """How far something is that a manager decides."""

    WAITING = "WAITING", _("等待审核")
    APPROVED = "APPROVED", _("已通过")
    REJECTED = "REJECTED", _("未通过")


class Invite(models.Model):
    """A link by which people of one unit ask to be let in. The token is not kept: it follows from ``uuid`` and the secret.

    ``most``: how many may register by it; None for any number. ``used`` counts those who asked, whatever became of them.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.CharField(max_length=60, blank=True)
    most = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="invite_newest")]

    def __str__(self) -> str:
        return f"invite #{self.pk}"


class Application(models.Model):
    """Somebody who registered by a link and waits. Numbers are kept only until the decision; then the learner has them or nobody.

    ``unit`` and ``position`` are copied from the link, for a link may be changed and a unit is what a supervisor decides about.
    """

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    invite = models.ForeignKey(Invite, on_delete=models.PROTECT, related_name="applications")
    name = models.CharField(max_length=60)
    id_sealed = models.BinaryField()
    mobile_sealed = models.BinaryField()
    person_key = models.CharField(max_length=64, blank=True)
    mobile_index = models.CharField(max_length=64, blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sealed_columns = {"id_sealed": "learner-id", "mobile_sealed": "learner-mobile"}

    class Meta:
        indexes = [models.Index(fields=["state", "at", "id"], name="application_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["person_key"], condition=models.Q(state="WAITING"), name="application_person_waits_once"
            ),
            models.UniqueConstraint(
                fields=["mobile_index"], condition=models.Q(state="WAITING"), name="application_mobile_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.uuid}"


class SsoSetup(models.Model):
    """How people of this enterprise come in by another system. The secret is sealed; hosts are fixed in the adapter, never typed."""

    class Kind(models.TextChoices):
        """The systems we speak with."""

        WECOM = "WECOM", _("企业微信")
        DINGTALK = "DINGTALK", _("钉钉")
        FEISHU = "FEISHU", _("飞书")

    kind = models.CharField(max_length=10, choices=Kind.choices, unique=True)
    app_id = models.CharField(max_length=80)
    secret_sealed = models.BinaryField()
    agent_id = models.CharField(max_length=20, blank=True, help_text="WeCom: AgentId of the application")
    corp_id = models.CharField(max_length=80, blank=True, help_text="DingTalk: CorpId; people of others are refused")
    is_open = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    sealed_columns = {"secret_sealed": "sso-secret"}

    def __str__(self) -> str:
        return self.kind


class LdapSetup(models.Model):
    """How this enterprise's own directory is reached; one row at most. The password of who searches is sealed, TLS is always on."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=636)
    starts_tls = models.BooleanField(default=False)
    base_dn = models.CharField(max_length=255)
    bind_dn = models.CharField(max_length=255)
    secret_sealed = models.BinaryField()
    login_attribute = models.CharField(max_length=40, default="uid")
    mobile_attribute = models.CharField(max_length=40, blank=True)
    ca_pem = models.TextField(blank=True, help_text="Certificates of the enterprise's own authority; public ones without")
    is_open = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, related_name="+")
    sealed_columns = {"secret_sealed": "ldap-secret"}

    def __str__(self) -> str:
        return f"ldap {self.host}"


class Outside(models.TextChoices):
    """Where an account comes from that is not ours."""

    WECOM = "WECOM", _("企业微信")
    DINGTALK = "DINGTALK", _("钉钉")
    FEISHU = "FEISHU", _("飞书")
    LDAP = "LDAP", _("公司账号")


class OutsideAccount(models.Model):
    """An account of another system that lets one person in here. Which account it is stands only as a blind index."""

    kind = models.CharField(max_length=10, choices=Outside.choices)
    subject = models.CharField(max_length=64)
    credential = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="outside_accounts")
    label = models.CharField(max_length=60, blank=True, help_text="Masked name there")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="outside_account_once"),
            models.UniqueConstraint(fields=["kind", "credential"], name="outside_one_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Device(models.Model):
    """One sign-in on one device. No place and no address: only what kind of device, when first and when last."""

    class Kind(models.TextChoices):
        """What the browser says it runs on."""

        PHONE = "PHONE", _("手机")
        TABLET = "TABLET", _("平板")
        COMPUTER = "COMPUTER", _("电脑")

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    credential = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    system = models.CharField(max_length=20, blank=True)
    browser = models.CharField(max_length=20, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["credential", "-last_seen"], name="device_open", condition=models.Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"device {self.uuid}"


class PhoneChange(models.Model):
    """Somebody has shown the new phone and not the old one: a manager, who knows the person, decides."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    learner = models.ForeignKey("people.Learner", on_delete=models.PROTECT, related_name="+")
    mobile_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.Manager", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sealed_columns = {"mobile_sealed": "learner-mobile"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=models.Q(state="WAITING"), name="phone_change_waits_once"),
        ]

    def __str__(self) -> str:
        return f"phone change {self.uuid}"
