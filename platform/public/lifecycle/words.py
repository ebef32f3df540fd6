"""Checking what people wrote, and who acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.audit import api as audit
from public.operators.api import Me, Role
from tenants.models import Enterprise


@dataclass(frozen=True, slots=True)
class By:
    """Somebody of the enterprise: a reference such as ``manager:12``, the name at that time, the address."""

    reference: str
    name: str
    at: datetime
    ip: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator at the desk: who, when, from where."""

    me: Me
    at: datetime
    ip: str = ""

    @property
    def reference(self) -> str:
        """The operator as logs name people."""
        return f"operator:{self.me.credential_id}"

    @property
    def name(self) -> str:
        """The operator's name."""
        return self.me.name


def system(at: datetime) -> By:
    """Return the clock as who acts."""
    return By("system", "", at)


def require_operations(desk: Desk) -> None:
    """Refuse everybody but operations.

    :raises DomainError: 403 ``forbidden``
    """
    if desk.me.role != Role.OPERATIONS:
        raise DomainError("forbidden", _("只有平台运营可以办理企业事项。"), status=403)


def said(text: str, *, least: int, most: int, field: str, message: Any) -> str:
    """Return ``text`` in one line, without blanks around it.

    :raises DomainError: 422 with ``field``: ``words_missing`` where it is shorter than ``least``, ``words_too_long`` than ``most`` allows
    """
    return worded(" ".join(text.split()), "words_missing", message, field=field, least=least, most=most)


def enterprise(enterprise_id: int, *, lock: bool = False) -> Enterprise:
    """Return an enterprise, locked on wish.

    :raises DomainError: 404 ``not_found``
    """
    rows = Enterprise.objects.select_for_update() if lock else Enterprise.objects.all()
    row: Enterprise | None = rows.filter(pk=enterprise_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这家企业。"), status=404)
    return row


def note(action: str, row: Enterprise, who: By | Desk, **details: Any) -> None:
    """Write into the log of the enterprise concerned: its people see what was done to it (clause 五.4)."""
    audit.record(
        action,
        actor=who.reference,
        target=f"enterprise:{row.uuid}",
        at=who.at,
        ip=who.ip or None,
        schema_name=row.schema_name,
        name=who.name,
        **details,
    )
