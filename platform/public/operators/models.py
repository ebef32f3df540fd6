"""People who run the platform, how they prove themselves, and how their rights change: always by two of them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from public.operators.notices.models import OperatorMail, OperatorNotice

__all__ = ["ADMINISTRATORS", "Operator", "OperatorChange", "OperatorMail", "OperatorNotice", "Passkey", "SecondFactor"]


class Operator(models.Model):
    """A platform person; enters with password and a second factor (GB/T 22239 8.1.4.1 d).

    One person has one account with one role, so the three administrators are three people: ``person_key`` is the blind index of the
    identity number, unique, and required of administrators. Once all three offices are filled, the database takes a new account or
    another role only from an approved `OperatorChange` (trigger ``roles_by_two``).
    """

    class Role(models.TextChoices):
        """Separate duties: who writes does not judge, who judges does not publish, who administers does none of it."""

        AUTHOR = "AUTHOR", _("课程作者")
        REVIEWER = "REVIEWER", _("课程审核员")
        OPERATIONS = "OPERATIONS", _("平台运营")
        SYSTEM = "SYSTEM", _("系统管理员")
        SECURITY = "SECURITY", _("安全保密管理员")
        AUDIT = "AUDIT", _("安全审计员")

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator")
    role = models.CharField(max_length=12, choices=Role.choices)
    person_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    change = models.OneToOneField(
        "OperatorChange", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="What the role rests on"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="administrators_are_known_persons",
                condition=~Q(role__in=["SYSTEM", "SECURITY", "AUDIT"]) | Q(person_key__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.credential_id}"


ADMINISTRATORS = (Operator.Role.SYSTEM, Operator.Role.SECURITY, Operator.Role.AUDIT)
"""The three offices of GB/T 22239-2019 8.1.5.1 to 8.1.5.3."""


class OperatorChange(models.Model):
    """A change of rights or of security policy that one administrator asks for and one of another office decides.

    The newest approved change of a policy is the policy: nothing else holds it. ``wanted`` by kind: OPEN {login_key, name, role,
    person_key}, ROLE {role}, NETWORKS {networks: [CIDR]}, CLEARANCE {role, label}; empty for the others.
    """

    class Kind(models.TextChoices):
        """What changes."""

        OPEN = "OPEN", _("开设账号")
        ROLE = "ROLE", _("变更岗位")
        BLOCK = "BLOCK", _("停用管理员")
        UNBLOCK = "UNBLOCK", _("恢复账号")
        RESET = "RESET", _("重置登录方式")
        NETWORKS = "NETWORKS", _("管理员登录地址范围")
        CLEARANCE = "CLEARANCE", _("岗位可读密级")

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "OPEN", _("待审批")
        APPROVED = "APPROVED", _("已批准")
        REFUSED = "REFUSED", _("未批准")
        WITHDRAWN = "WITHDRAWN", _("已撤回")
        LAPSED = "LAPSED", _("已过期")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    wanted = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    asked_role = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_role = models.CharField(max_length=12, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="change_by_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(
                name="nobody_changes_oneself",
                condition=Q(subject=None) | (~Q(subject=F("asked_by")) & (Q(decided_by=None) | ~Q(subject=F("decided_by")))),
            ),
            models.CheckConstraint(
                name="change_by_two_offices",
                condition=Q(decided_role="", asked_role__in=["SYSTEM", "SECURITY"])
                | Q(asked_role="SYSTEM", decided_role="SECURITY")
                | Q(asked_role="SECURITY", decided_role="SYSTEM"),
            ),
            models.CheckConstraint(
                name="change_decided_by_somebody",
                condition=~Q(state__in=["APPROVED", "REFUSED"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["subject", "kind"], condition=Q(state="OPEN", subject__isnull=False), name="one_open_change_of_a_kind"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-asked_at"], name="change_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class SecondFactor(models.Model):
    """The sealed TOTP secret of one credential of the platform (operators and regulators)."""

    credential = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factor")
    sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0, help_text="Time step of the last accepted code; a code works once")
    sealed_columns: ClassVar[dict[str, Any]] = {"sealed": "totp/{credential_id}"}

    def __str__(self) -> str:
        return f"second factor #{self.credential_id}"


class Passkey(models.Model):
    """One WebAuthn authenticator of one credential: a security key, or the machine's own. Only its public half is here."""

    credential = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="passkeys")
    handle = models.BinaryField(max_length=1023, unique=True, help_text="The authenticator's own id of the key")
    public_key = models.BinaryField(max_length=2048, help_text="COSE")
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"passkey #{self.pk} of #{self.credential_id}"
