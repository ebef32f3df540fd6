"""What each partner has and lacks: reads for the desk and for the authority's own page. A constant number of queries a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet

from infra.kit import clock
from public.regulators.exchange import reconciling
from public.regulators.exchange.models import DayFile, Delivery, Parcel, Partner
from public.regulators.models import FeedRecord
from tenants import divisions
from tenants.models import Enterprise

PER_PAGE, DAYS = 20, 14
State = Delivery.State
_DEAD = (State.REJECTED, State.STUCK)


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner at a glance. ``behind_s``: how long the oldest parcel that is not answered has been waiting, None where none is."""

    partner: Partner
    area: str
    waiting: int
    dead: int
    today: int
    behind_s: int | None

    @property
    def tone(self) -> str:
        """The tone of its state: paused, failing, with dead letters, or in order."""
        if self.partner.state != Partner.State.ACTIVE:
            return "neutral"
        if self.partner.failures or self.partner.problem:
            return "stop"
        return "attention" if self.dead else "proven"


@dataclass(frozen=True, slots=True)
class Day:
    """One day with a partner: what the feed holds for it, what it was given, what it has accepted, and how the day was settled."""

    day: date
    due: int
    given: int
    accepted: int
    dead: int
    file: DayFile | None

    @property
    def parts(self) -> range:
        """The numbers of the parts of its file, none where there is no file."""
        return range(1, reconciling.parts_of(self.file.by_kind) + 1) if self.file else range(0)

    @property
    def gap(self) -> int:
        """Records that it should have and has no number for."""
        return max(0, self.due - self.given)

    @property
    def lacks(self) -> int:
        """Records that it should have and has not accepted."""
        return max(0, self.due - self.accepted)


def partners(*, search: str = "", state: str = "", prefix: str = "") -> QuerySet[Partner]:
    """Return partners that fit; ``prefix``: those of an authority's own area only."""
    rows = Partner.objects.filter(division_prefix__startswith=prefix)
    for word in search.replace("\0", "").split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word))
    if state in Partner.State.values:
        rows = rows.filter(state=state)
    return rows.order_by("division_prefix", "code")


def page(*, search: str, state: str, number: str, at: datetime, prefix: str = "") -> tuple[Page[Partner], list[Standing]]:
    """Return one page of partners and how they stand."""
    chosen = Paginator(partners(search=search, state=state, prefix=prefix), PER_PAGE).get_page(number)
    return chosen, standings(list(chosen), at=at)


def standings(rows: list[Partner], *, at: datetime) -> list[Standing]:
    """Return how some partners stand, in four queries."""
    ids = [row.pk for row in rows]
    of_these = Delivery.objects.filter(partner__in=ids)
    waiting = _counted(of_these.filter(state=State.WAITING))
    dead = _counted(of_these.filter(state__in=_DEAD))
    today = _counted(of_these.filter(day=clock.shanghai_date(at), state=State.ACCEPTED))
    open_ones = Parcel.objects.filter(partner__in=ids, state=Parcel.State.OPEN).order_by()
    since = dict(open_ones.values_list("partner").annotate(first=Min("made_at")))
    behind = {pk: int((at - first).total_seconds()) for pk, first in since.items()}
    return [
        Standing(
            partner=row,
            area=divisions.full_name(row.division_prefix),
            waiting=waiting.get(row.pk, 0),
            dead=dead.get(row.pk, 0),
            today=today.get(row.pk, 0),
            behind_s=behind.get(row.pk),
        )
        for row in rows
    ]


def _counted(rows: QuerySet[Delivery]) -> dict[int, int]:
    return dict(rows.order_by().values_list("partner").annotate(n=Count("id")))


def days(partner: Partner, *, at: datetime, most: int = DAYS) -> list[Day]:
    """Return the last days with a partner, newest first, in three queries."""
    last = clock.shanghai_date(at)
    first = max(last - timedelta(days=most - 1), partner.since)
    due = dict(_due(partner).filter(day__range=(first, last)).values_list("day").annotate(n=Count("id")))
    given = _given(partner, first, last)
    files = {row.day: row for row in DayFile.objects.filter(partner=partner, day__range=(first, last))}
    span = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    return [_day(day, due.get(day, 0), given.get(day, {}), files.get(day)) for day in span]


def _day(day: date, due: int, given: Mapping[str, int], file: DayFile | None) -> Day:
    dead = sum(given.get(state, 0) for state in _DEAD)
    return Day(day, due, sum(given.values()), given.get(State.ACCEPTED, 0), dead, file)


def _due(partner: Partner) -> QuerySet[FeedRecord]:
    """What a partner should have, by the feed itself."""
    schemas = Enterprise.objects.filter(division_code__startswith=partner.division_prefix).values("schema_name")
    return FeedRecord.objects.filter(kind__in=partner.kinds, day__gte=partner.since, schema_name__in=schemas).order_by()


def _given(partner: Partner, first: date, last: date) -> dict[date, dict[str, int]]:
    rows = Delivery.objects.filter(partner=partner, day__range=(first, last)).order_by()
    found: dict[date, dict[str, int]] = {}
    for day, state, n in rows.values_list("day", "state").annotate(n=Count("id")):
        found.setdefault(day, {})[state] = n
    return found


def kinds(partner: Partner, *, at: datetime, most: int = DAYS) -> list[tuple[str, int, int]]:
    """Return (kind in words, given, accepted) of the last days, for every kind; what it does not take has -1 given."""
    first = clock.shanghai_date(at) - timedelta(days=most - 1)
    rows = Delivery.objects.filter(partner=partner, day__gte=first).order_by()
    counted: dict[str, tuple[int, int]] = {
        kind: (n, good)
        for kind, n, good in rows.values_list("kind").annotate(n=Count("id"), good=Count("id", filter=Q(state=State.ACCEPTED)))
    }
    return [
        (str(kind.label), *(counted.get(kind.value, (0, 0)) if kind.value in partner.kinds else (-1, 0)))
        for kind in FeedRecord.Kind
    ]


def dead_letters(partner: Partner, *, search: str = "", kind: str = "", state: str = "") -> QuerySet[Delivery]:
    """Return what a partner rejected or what was given up, newest first.

    :param search: part of an enterprise's name, or of the reason
    """
    rows = Delivery.objects.filter(partner=partner, state__in=_DEAD).select_related("record")
    if kind in FeedRecord.Kind.values:
        rows = rows.filter(kind=kind)
    if state in _DEAD:
        rows = rows.filter(state=state)
    for word in search.replace("\0", "").split()[:5]:
        schemas = Enterprise.objects.filter(name__icontains=word).values("schema_name")
        rows = rows.filter(Q(reason__icontains=word) | Q(code__iexact=word) | Q(record__schema_name__in=schemas))
    return rows.order_by("-id")


def names(rows: Iterable[Delivery]) -> dict[str, str]:
    """Return schema -> the enterprise's name, for the rows of a page."""
    schemas = {row.record.schema_name for row in rows}
    return dict(Enterprise.objects.filter(schema_name__in=schemas).values_list("schema_name", "name"))


def totals(rows: list[Standing]) -> dict[str, Any]:
    """Return the figures above a list of partners."""
    return {
        "failing": sum(row.tone == "stop" for row in rows),
        "waiting": sum(row.waiting for row in rows),
        "dead": sum(row.dead for row in rows),
        "today": sum(row.today for row in rows),
    }
