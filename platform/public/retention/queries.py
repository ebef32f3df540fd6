"""Reads: which periods hold, what is on hold."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from public.retention.models import Hold, Period, What
from tenants.scope import require


@dataclass(frozen=True, slots=True)
class Term:
    """The longest periods for one kind of data on a day, in months; ``total`` None: for as long as the enterprise exists."""

    online: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """What may not be deleted: everything of the enterprise, or what belongs to these learners."""

    everything: bool
    learners: frozenset[UUID]


def in_force(on: date) -> QuerySet[Period]:
    """Return the periods that hold on a day, those of one kind together."""
    return Period.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on).order_by("what", "-months_online", "pk")


def terms(on: date) -> dict[str, Term]:
    """Return kind -> longest periods of the laws in force on a day, in one query."""
    found: dict[str, Term] = {}
    for row in in_force(on):
        known = found.get(row.what, Term(0, 0))
        is_endless = row.months_total is None or known.total is None
        total = None if is_endless else max(known.total or 0, row.months_total or 0)
        found[row.what] = Term(max(known.online, row.months_online), total)
    return found


@dataclass(frozen=True, slots=True)
class RecordTerm:
    """How long the record of a person's training is kept on a day, and by which law; ``months`` None: for as long as the enterprise exists."""

    months: int | None
    law: str


def record_terms(on: date) -> tuple[RecordTerm, RecordTerm]:
    """Return the longest periods of what was recorded while somebody learnt: of everybody, and of those in special operations; one query.

    Of equal ones the older law is named. Days before the first law are those of the first.
    """
    rows = list(Period.objects.filter(what=What.PROCESS).order_by("since", "pk"))
    day = max(on, rows[0].since) if rows else on
    found = [row for row in rows if row.since <= day and (row.until is None or row.until > day)]
    return _longest([row for row in found if not row.is_special]), _longest(found)


def _longest(rows: list[Period]) -> RecordTerm:
    if not rows:
        return RecordTerm(0, "")
    best = max(rows, key=lambda row: float("inf") if row.months_total is None else row.months_total)
    return RecordTerm(best.months_total, best.law)


def standing(on: date) -> QuerySet[Hold]:
    """Return the holds of the current enterprise that stand on a day, newest first."""
    rows = Hold.objects.filter(schema_name=require().schema, ended_at=None)
    return rows.filter(Q(until=None) | Q(until__gte=on)).order_by("-at", "-pk")


def held(on: date) -> Held:
    """Return what the holds of the current enterprise keep from being deleted."""
    subjects = list(standing(on).values_list("subject", flat=True))
    return Held(None in subjects, frozenset(one for one in subjects if one is not None))
