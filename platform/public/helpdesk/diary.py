"""Writes steps of a ticket, and what operators do into the platform's audit log (never into an enterprise's, and no words of a ticket)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.helpdesk.models import Step, Ticket
from public.operators.api import Me, Role

Kind = Step.Kind
ASKER, SYSTEM = "asker", "system"
_MOST = 4000


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator at work: who, when, from where."""

    me: Me
    at: datetime
    ip: str

    @property
    def actor(self) -> str:
        """The reference of the operator."""
        return f"operator:{self.me.credential_id}"


def require_desk(desk: Desk) -> None:
    """Refuse everybody but operations.

    :raises DomainError: 403 ``forbidden``
    """
    if desk.me.role != Role.OPERATIONS:
        raise DomainError("forbidden", _("只有平台运营可以处理求助。"), status=403)


def by_desk(row: Ticket, kind: str, desk: Desk, *, text: str = "", shown: bool = False) -> None:
    """Write an operator's step here and in the audit log."""
    Step.objects.create(ticket=row, at=desk.at, kind=kind, actor=desk.actor, name=desk.me.name, text=text[:_MOST], is_shown=shown)
    audit.record(f"help.{kind.lower()}", actor=desk.actor, target=f"ticket:{row.uuid}", at=desk.at, ip=desk.ip, number=row.number)


def by_asker(row: Ticket, kind: str, *, at: datetime, text: str = "") -> None:
    """Write a step of the asker."""
    Step.objects.create(ticket=row, at=at, kind=kind, actor=ASKER, text=text[:_MOST], is_shown=True)


def by_system(row: Ticket, kind: str, *, at: datetime, text: str, shown: bool = False) -> None:
    """Write what happened by itself."""
    Step.objects.create(ticket=row, at=at, kind=kind, actor=SYSTEM, text=text[:_MOST], is_shown=shown)


def log(desk: Desk, action: str, *, target: str, **facts: Any) -> None:
    """Write what an operator did with no single ticket into the audit log."""
    audit.record(action, actor=desk.actor, target=target, at=desk.at, ip=desk.ip, name=desk.me.name, **facts)
