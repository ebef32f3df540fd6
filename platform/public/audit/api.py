"""Front door of the audit log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from public.audit.beats import BeatRow, beats_of
from public.audit.models import AuditEvent
from public.audit.months import beats_within, count_beats, count_events, events_within, oldest_beat, oldest_event
from public.audit.sealing import LEDGER, Problem, state, verify
from public.audit.searching import MOST_COUNTED, Found, Wanted, one, search, understood
from public.audit.words import DIRECTIONS, RESULTS, ROOMS, THINGS, action_words, exchanged_words, reference_words, result_words
from public.audit.writing import Direction, Result, exchanged, record
from tenants.api import require

__all__ = [
    "DIRECTIONS",
    "LEDGER",
    "MOST_COUNTED",
    "RESULTS",
    "ROOMS",
    "THINGS",
    "BeatRow",
    "Direction",
    "Found",
    "Happening",
    "Problem",
    "Result",
    "Wanted",
    "action_words",
    "beats_of",
    "beats_within",
    "count_beats",
    "count_events",
    "events_within",
    "exchanged",
    "exchanged_words",
    "history",
    "latest",
    "newest",
    "oldest_beat",
    "oldest_event",
    "one",
    "record",
    "reference_words",
    "result_words",
    "search",
    "state",
    "understood",
    "verify",
]


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the log: when, what, with which details."""

    at: datetime
    action: str
    actor: str
    details: dict[str, Any]


def history(target: str, *, most: int = 50, actions: Collection[str] = ()) -> list[Happening]:
    """Return what was done to one object, newest first, on wish some actions only; an enterprise sees its own log only."""
    rows = AuditEvent.objects.filter(target=target, **({"action__in": actions} if actions else {})).order_by("-at")[:most]
    return [Happening(row.at, row.action, row.actor, row.details) for row in rows]


def newest(actions: tuple[str, ...], *, most: int = 200) -> list[Happening]:
    """Return the newest happenings of some kinds in the log of the current place, the newest first."""
    rows = AuditEvent.objects.filter(schema_name=require().schema, action__in=actions).order_by("-at")[:most]
    return [Happening(row.at, row.action, row.actor, row.details) for row in rows]


def latest(action: str, *, since: datetime, most: int = 50) -> list[tuple[datetime, str]]:
    """Return (when, target) of the newest happenings of one kind in the log of the current place."""
    rows = AuditEvent.objects.filter(schema_name=require().schema, action=action, at__gte=since).order_by("-at")
    return list(rows.values_list("at", "target")[:most])
