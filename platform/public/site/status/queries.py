"""Reads of status: how it is now, days and months, incidents, and outages that nobody has explained."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet

from infra.kit import clock
from public.site.status import rules
from public.site.status.models import Component, Incident, ProbeHour
from public.site.status.rules import CORE, Bits, Span, Uptime

DAYS, MONTHS = 90, 12
FRESH = timedelta(minutes=4)
"""So old may the newest minute be; else nobody measures."""
SILENT_OF = timedelta(days=7)
"""For so long operations are asked for the reason of a gap."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a component: ``tone`` is proven, attention, stop or neutral (not measured yet)."""

    day: date
    uptime: Uptime
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One component: its name, whether it answers now (None: nobody measures), its days, oldest first."""

    component: str
    name: str
    works: bool | None
    days: list[Day]
    uptime: Uptime


@dataclass(frozen=True, slots=True)
class Month:
    """One month against the promise."""

    first: date
    uptime: Uptime
    is_running: bool


def hours_of(span: Span) -> dict[datetime, dict[str, tuple[int, int]]]:
    """Return what was measured in a stretch, by hour, in one query."""
    found: dict[datetime, dict[str, tuple[int, int]]] = {}
    rows = ProbeHour.objects.filter(hour__gte=rules.hour_of(span.start), hour__lt=span.end)
    for component, hour, measured, ok in rows.values_list("component", "hour", "measured", "ok"):
        found.setdefault(rules.hour_of(hour), {})[component] = (measured, ok)
    return found


def began() -> datetime | None:
    """Return the first minute that was ever measured, None where there is none."""
    first: datetime | None = ProbeHour.objects.aggregate(first=Min("hour"))["first"]
    if first is None:
        return None
    bits = 0
    for measured in ProbeHour.objects.filter(hour=first).values_list("measured", flat=True):
        bits |= measured
    return first + timedelta(minutes=(bits & -bits).bit_length() - 1)


def planned(span: Span) -> list[Incident]:
    """Return work that was announced ahead, not called off, and falls into a stretch."""
    rows = Incident.objects.filter(kind=Incident.Kind.PLANNED, starts_at__lt=span.end, ends_at__gt=span.start)
    return [row for row in rows.prefetch_related("words") if row.is_announced_ahead and not row.is_off]


def spans_of(works: list[Incident], *, component: str = "") -> list[Span]:
    """Return the stretches of announced work; with ``component`` only of work on it."""
    return [Span(row.starts_at, row.ends_at) for row in works if row.ends_at and (not component or component in row.components)]


def clipped(span: Span, first: datetime | None, at: datetime) -> Span | None:
    """Return the part of a stretch that can be judged: since the first measurement, up to the last whole minute."""
    if first is None:
        return None
    start, end = max(span.start, first), min(span.end, at.replace(second=0, microsecond=0))
    return Span(start, end) if start < end else None


def months(*, at: datetime, count: int = MONTHS) -> list[Month]:
    """Return the last months against the promise, newest first; those before the first measurement are left out."""
    spans, first = rules.months_before(at, count), began()
    whole = clipped(Span(spans[-1].start, spans[0].end), first, at)
    if whole is None:
        return []
    hours, works = hours_of(whole), planned(whole)
    found = []
    for span in spans:
        part = clipped(span, first, at)
        if part is not None:
            uptime = rules.uptime(hours, within=part, components=CORE, planned=spans_of(works))
            found.append(Month(clock.shanghai_date(span.start), uptime, span.end > at))
    return found


def gaps(*, at: datetime, days: int = DAYS) -> list[Span]:
    """Return the stretches of the last days in which nobody measured, oldest first."""
    start = clock.shanghai_midnight(clock.shanghai_date(at) - timedelta(days=days - 1))
    whole = clipped(Span(start, at), began(), at)
    return rules.gaps(hours_of(whole), within=whole, planned=spans_of(planned(whole))) if whole else []


def silent(*, at: datetime) -> list[Span]:
    """Return the gaps of the last week that no incident explains, newest first: nobody could write while they lasted."""
    rows = list(
        Incident.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at - SILENT_OF), starts_at__lt=at).prefetch_related("words")
    )
    told = [(row.starts_at, row.ends_at or at) for row in rows if not row.is_off]
    found = gaps(at=at, days=SILENT_OF.days)
    return [gap for gap in reversed(found) if not any(start < gap.end and gap.start < end for start, end in told)]


def lines(*, at: datetime, days: int = DAYS) -> list[Line]:
    """Return every component with its last days and how it is now."""
    today = clock.shanghai_date(at)
    spans = [Span(*clock.shanghai_day(today - timedelta(days=back))) for back in range(days - 1, -1, -1)]
    first = began()
    whole = clipped(Span(spans[0].start, spans[-1].end), first, at)
    hours: dict[datetime, dict[str, tuple[int, int]]] = hours_of(whole) if whole else {}
    works = planned(whole) if whole else []
    return [_line(component, spans, hours, works, first=first, at=at) for component in Component.values]


def _line(
    component: str, spans: list[Span], hours: dict[datetime, dict[str, tuple[int, int]]], works: list[Incident], *,
    first: datetime | None, at: datetime,
) -> Line:  # fmt: skip
    found, total = [], Uptime()
    off = spans_of(works, component=component)
    for span in spans:
        part = clipped(span, first, at)
        uptime = rules.uptime(hours, within=part, components=(component,), planned=off) if part else Uptime()
        total += uptime
        found.append(Day(clock.shanghai_date(span.start), uptime, tone_of(uptime)))
    return Line(component, str(Component(component).label), works_now(hours, component, at), found, total)


def tone_of(uptime: Uptime) -> str:
    """Return how a day looks: kept the promise, less, hardly worked, or was not measured."""
    share = uptime.share
    if share is None:
        return "neutral"
    return "proven" if share >= rules.PROMISED else "attention" if share >= 0.95 else "stop"


def works_now(hours: dict[datetime, Any], component: str, at: datetime) -> bool | None:
    """Return what the newest minute says; None where it is too old to say anything."""
    for back in range(int(FRESH.total_seconds()) // 60 + 1):
        moment = at - timedelta(minutes=back)
        bits: Bits = hours.get(rules.hour_of(moment), {})
        measured, ok = bits.get(component, (0, 0))
        if measured & rules.bit(moment):
            return bool(ok & rules.bit(moment))
    return None


def incidents(*, search: str = "", kind: str = "") -> QuerySet[Incident]:
    """Return incidents, newest first."""
    rows = Incident.objects.prefetch_related("words").order_by("-starts_at", "-pk")
    for word in search.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(title_en__icontains=word))
    return rows.filter(kind=kind) if kind in Incident.Kind.values else rows


def unexplained(*, at: datetime) -> list[str]:
    """Return components that did not answer in three of the last five minutes while no incident about them is open."""
    hours = hours_of(Span(at - timedelta(minutes=6), at + timedelta(minutes=1)))
    going = Incident.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at).prefetch_related("words")
    known = {one for row in going if row.is_open(at) for one in row.components}
    failing = []
    for component in Component.values:
        missed = 0
        for back in range(1, 6):
            moment = at - timedelta(minutes=back)
            measured, ok = hours.get(rules.hour_of(moment), {}).get(component, (0, 0))
            missed += bool(measured & rules.bit(moment)) and not ok & rules.bit(moment)
        if missed >= 3 and component not in known:
            failing.append(component)
    return failing
