"""Front door of the audit log."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from public.audit.beats import BeatRow, beats_of
from public.audit.models import AuditEvent
from public.audit.months import beats_within, count_beats, count_events, events_within, oldest_beat, oldest_event
from tenants.api import require

__all__ = [
    "BeatRow",
    "Happening",
    "beats_of",
    "beats_within",
    "count_beats",
    "count_events",
    "events_within",
    "history",
    "latest",
    "newest",
    "oldest_beat",
    "oldest_event",
    "record",
]


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the log: when, what, with which details."""

    at: datetime
    action: str
    actor: str
    details: dict[str, Any]


def history(target: str, *, most: int = 50) -> list[Happening]:
    """Return what was done to one object, newest first; an enterprise sees its own log only."""
    rows = AuditEvent.objects.filter(target=target).order_by("-at")[:most]
    return [Happening(row.at, row.action, row.actor, row.details) for row in rows]


def newest(actions: tuple[str, ...], *, most: int = 200) -> list[Happening]:
    """Return the newest happenings of some kinds in the log of the current place, the newest first."""
    rows = AuditEvent.objects.filter(schema_name=require().schema, action__in=actions).order_by("-at")[:most]
    return [Happening(row.at, row.action, row.actor, row.details) for row in rows]


def latest(action: str, *, since: datetime, most: int = 50) -> list[tuple[datetime, str]]:
    """Return (when, target) of the newest happenings of one kind in the log of the current place."""
    rows = AuditEvent.objects.filter(schema_name=require().schema, action=action, at__gte=since).order_by("-at")
    return list(rows.values_list("at", "target")[:most])


def record(action: str, *, actor: str, target: str, at: datetime, ip: str | None = None, **details: Any) -> None:
    """Write down who did what, in the log of the current place (clause 五.4); part of the caller's transaction.

    :param action: dotted name, e.g. ``people.imported``
    :param actor: who, as a reference such as ``manager:12``; never personal data in clear
    :param target: the object, e.g. ``plan:<uuid>``
    :param schema_name: (in ``details``) the enterprise concerned, where the platform acts on it; the platform's own is ``public``
    :raises NoScope: standing nowhere
    """
    AuditEvent.objects.create(
        uuid=uuid.uuid4(),
        schema_name=details.pop("schema_name", None) or require().schema,
        at=at,
        actor=actor,
        action=action,
        target=target,
        ip=ip,
        details=details,
    )
