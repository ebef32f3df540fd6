"""What the page shows: a period by day, by page, by audience and device; months for an inspector; the server's own time."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth

from infra.kit import clock
from public.timing.audiences import audience_of, pages_of
from public.timing.models import Device, Kind, Site, TimedHour
from public.timing.pages import addresses
from public.timing.rules import BOUNDS, Figures, added

WAITS = (Kind.LOADED, Kind.SWAP)
"""What the clause calls an operation of the interface: a page until all of it is there, and an action within a page until it shows."""
MONTHS = 12
Dated = dict[Any, dict[str, Figures]]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of Zhejiang, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def hours(self) -> Q:
        """The condition that an hour lies in it."""
        end = clock.shanghai_midnight(self.last + timedelta(days=1))
        return Q(hour__gte=clock.shanghai_midnight(self.first), hour__lt=end)


def period_of(chosen: str, *, today: date) -> Period:
    """Return the period of an address: ``7``, ``90`` days back, a month as ``2026-11``; anything else: 30 days."""
    year, _dash, month = chosen.partition("-")
    if year.isdecimal() and month.isdecimal() and date.min.year < int(year) < date.max.year and 1 <= int(month) <= 12:
        last = calendar.monthrange(int(year), int(month))[1]
        return Period(date(int(year), int(month), 1), date(int(year), int(month), last))
    days = int(chosen) if chosen in {"7", "90"} else 30
    return Period(today - timedelta(days=days - 1), today)


def chosen_by(*, audience: str = "", device: str = "", site: str = "") -> Q:
    """Return the condition of the filters; what is no filter is none."""
    found = pages_of(audience)
    if device in Device.values:
        found &= Q(device=device)
    if site in Site.values:
        found &= Q(site=site)
    return found


def by_day(period: Period, wanted: Q) -> dict[date, dict[str, Figures]]:
    """Return the times of each day by kind, days without any left out; one query."""
    rows = TimedHour.objects.filter(period.hours, wanted).exclude(kind=Kind.SERVER)
    return _dated(_summed(rows.annotate(on=TruncDate("hour", tzinfo=clock.SHANGHAI)), "on", "kind"))


def by_month(*, at: datetime) -> dict[date, dict[str, Figures]]:
    """Return the times of the last twelve months by kind, under the first day of each, newest first; one query."""
    today = clock.shanghai_date(at)
    months = today.year * 12 + today.month - MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    rows = TimedHour.objects.filter(Period(first, today).hours, kind__in=WAITS)
    found = _dated(_summed(rows.annotate(on=TruncMonth("hour", tzinfo=clock.SHANGHAI)), "on", "kind"))
    return {on.date(): kinds for on, kinds in sorted(found.items(), reverse=True)}


def _dated(rows: Iterable[tuple[tuple[Any, ...], Figures]]) -> Dated:
    found: Dated = {}
    for (on, kind), figures in rows:
        found.setdefault(on, {})[kind] = figures
    return found


def _summed(rows: QuerySet[TimedHour, Any], *by: str) -> Iterable[tuple[tuple[Any, ...], Figures]]:
    """Yield the sums of rows that agree in ``by``."""
    sums = {f"slot_{n}": Sum(f"buckets__{n}") for n in range(len(BOUNDS))}
    told = rows.values(*by).annotate(waits=Sum("count"), measured=Sum("sampled"), total=Sum("total_ms"), **sums).order_by()
    for row in told:
        yield tuple(row[name] for name in by), Figures(row["waits"], row["measured"], row["total"], [row[one] for one in sums])


def waits_of(kinds: dict[str, Figures]) -> Figures:
    """Return pages and actions within pages together."""
    return added(kinds[kind] for kind in WAITS if kind in kinds)


@dataclass(frozen=True, slots=True)
class Line:
    """One page with its waits on one kind of site."""

    route: str
    site: str
    figures: Figures

    @property
    def audience(self) -> str:
        """Whose page it is."""
        return audience_of(self.route)

    @property
    def address(self) -> str:
        """The pattern of its address; of a page that is no more, nothing."""
        return addresses(self.site).get(self.route, "")


@dataclass(frozen=True, slots=True)
class Spread:
    """The waits of a period by page and by (audience, device)."""

    lines: list[Line]
    groups: dict[tuple[str, str], Figures]


def by_page(period: Period, wanted: Q) -> Spread:
    """Return the waits of a period by page, and by audience and device; one query."""
    lines: dict[tuple[str, str], Figures] = {}
    groups: dict[tuple[str, str], Figures] = {}
    for (route, site, device), figures in _summed(
        TimedHour.objects.filter(period.hours, wanted, kind__in=WAITS), "route", "site", "device"
    ):
        lines[route, site] = lines.get((route, site), Figures()) + figures
        group = audience_of(route), device
        groups[group] = groups.get(group, Figures()) + figures
    return Spread([Line(route, site, figures) for (route, site), figures in lines.items()], groups)


SORTS: dict[str, Any] = {
    "mean": lambda line: line.figures.mean_ms or 0.0,
    "p95": lambda line: line.figures.quantile(0.95) or 0.0,
    "count": lambda line: line.figures.count,
    "within": lambda line: line.figures.within(3_000) or 0.0,
    "page": lambda line: (line.address, line.route),
}


def sorted_lines(lines: Iterable[Line], *, search: str, sort: str) -> list[Line]:
    """Return the pages whose address or name has every word of ``search``; slowest first unless sorted."""
    words = search.lower().split()[:5]
    fit = [line for line in lines if all(word in f"{line.address} {line.route}".lower() for word in words)]
    name = sort.removeprefix("-")
    if name not in SORTS:
        return sorted(fit, key=SORTS["mean"], reverse=True)
    return sorted(fit, key=SORTS[name], reverse=sort.startswith("-"))


def server(period: Period) -> Figures:
    """Return the time that the server itself needed for its answers, all of them; one query."""
    rows = TimedHour.objects.filter(period.hours, kind=Kind.SERVER)
    return added(figures for _by, figures in _summed(rows, "kind"))


def recent(kinds: Iterable[str], *, since: datetime) -> Figures:
    """Return all times of some kinds from the hour of ``since`` on; one query."""
    hour = since.replace(minute=0, second=0, microsecond=0)
    return added(figures for _by, figures in _summed(TimedHour.objects.filter(hour__gte=hour, kind__in=list(kinds)), "kind"))
