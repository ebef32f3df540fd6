"""Reads of whole months of the current enterprise, for whoever packs them; a slice of rows in memory at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from public.audit.models import AuditEvent, Beat
from tenants.scope import require

_SLICE = 2_000
Row = TypeVar("Row", AuditEvent, Beat)


def _events() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(schema_name=require().schema)


def _beats(without: Sequence[UUID] = ()) -> QuerySet[Beat]:
    rows = Beat.objects.filter(schema_name=require().schema)
    return rows.exclude(session__in=without) if without else rows


def _oldest(rows: QuerySet[Row]) -> datetime | None:
    found: datetime | None = rows.aggregate(first=Min("at"))["first"]
    return found


def oldest_event() -> datetime | None:
    """Return the moment of the oldest event that is still there."""
    return _oldest(_events())


def oldest_beat() -> datetime | None:
    """Return the moment of the oldest beat that is still there."""
    return _oldest(_beats())


def count_events(since: datetime, until: datetime) -> int:
    """Return how many events there are from ``since`` on, before ``until``."""
    return _events().filter(at__gte=since, at__lt=until).count()


def count_beats(since: datetime, until: datetime, *, without: Sequence[UUID] = ()) -> int:
    """Return how many beats there are from ``since`` on, before ``until``, but for some sessions."""
    return _beats(without).filter(at__gte=since, at__lt=until).count()


def events_within(since: datetime, until: datetime) -> Iterator[list[AuditEvent]]:
    """Yield the events of a span by time, some at a time."""
    return _sliced(_events().filter(at__gte=since, at__lt=until))


def beats_within(since: datetime, until: datetime, *, without: Sequence[UUID] = ()) -> Iterator[list[Beat]]:
    """Yield the beats of a span by time, some at a time."""
    return _sliced(_beats(without).filter(at__gte=since, at__lt=until))


def _sliced(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    rest = rows.order_by("at", "uuid")
    while found := list(rest[:_SLICE]):
        yield found
        last = found[-1]
        behind = Q(at__gt=last.at) | Q(at=last.at, uuid__gt=last.uuid)
        rest = rows.filter(behind, at__gte=last.at).order_by("at", "uuid")  # the latter lets the index begin there
