"""Writes steps of a complaint, and those of operators into the audit log of the platform (never into an enterprise's)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.complaints.models import Complaint, Event
from public.operators.api import Me, Role

Kind = Event.Kind
FILER, SYSTEM = "filer", "system"


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
        raise DomainError("forbidden", _("只有平台运营可以处理投诉。"), status=403)


def by_desk(row: Complaint, kind: str, desk: Desk, *, text: str = "", shown: bool = False) -> None:
    """Write an operator's step here and in the audit log; the log gets no words of the complaint."""
    Event.objects.create(
        complaint=row, at=desk.at, kind=kind, actor=desk.actor, name=desk.me.name, text=text[:2000], is_shown=shown
    )
    audit.record(
        f"complaint.{kind.lower()}", actor=desk.actor, target=f"complaint:{row.uuid}", at=desk.at, ip=desk.ip, number=row.number
    )


def by_filer(row: Complaint, kind: str, *, at: datetime, text: str = "") -> None:
    """Write a step of the complainant."""
    Event.objects.create(complaint=row, at=at, kind=kind, actor=FILER, text=text[:2000], is_shown=True)


def by_system(row: Complaint, kind: str, *, at: datetime, text: str, shown: bool = False) -> None:
    """Write what happened by itself."""
    Event.objects.create(complaint=row, at=at, kind=kind, actor=SYSTEM, text=text[:2000], is_shown=shown)


def log(desk: Desk, action: str, *, target: str, **facts: Any) -> None:
    """Write what an operator did with no single complaint into the audit log."""
    audit.record(action, actor=desk.actor, target=target, at=desk.at, ip=desk.ip, name=desk.me.name, **facts)
