"""What the board shows: each meter as it stands with its day and month, and the log of warnings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.load import design, rules, words
from public.load.models import LoadHour, LoadNow, LoadWarning, Meter
from public.timing import api as timing

STALE = timedelta(minutes=5)
"""A meter that was not read for so long is not known."""
PER_PAGE = 50
GROWING = (Meter.DATABASE, Meter.DISK)
"""Meters that only fill up: when they will be at 70 % can be told."""
QUIET = (Meter.RESPONSE, Meter.PAGES)
"""Meters that say nothing while nobody uses the platform; their silence is no fault."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour or day of a chart: its name, the peak in words, its height of 100 and the level it was at."""

    name: str
    text: str
    height: int
    level: str

    @property
    def top(self) -> int:
        """Where it begins, from above."""
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Line:
    """One meter on the board. ``now``: None before it was ever read."""

    meter: str
    now: LoadNow | None
    designed: float
    is_stale: bool
    bars: list[Bar]
    ahead: Any = ""

    @property
    def title(self) -> str:
        """The meter in words."""
        return str(Meter(self.meter).label)

    @property
    def hint(self) -> Any:
        """What it measures."""
        return words.HINTS[self.meter]

    @property
    def part(self) -> float:
        """Share of the design load as it is now."""
        return rules.share(self.now.value, self.designed) if self.now else 0.0

    @property
    def percent(self) -> str:
        """The share in words."""
        return words.percent(self.part)

    @property
    def level(self) -> str:
        """Level of the open warning; "" where none is."""
        return self.now.level if self.now else ""

    @property
    def tone(self) -> str:
        """Of its badge."""
        return "neutral" if self.now is None or self.is_stale else words.LEVELS[self.level][0]

    @property
    def state(self) -> Any:
        """Its badge in words."""
        if self.now is None:
            return _("还没有读到")
        if self.is_stale:
            return _("近来没有人使用") if self.meter in QUIET else _("读不到")
        return words.LEVELS[self.level][1]

    @property
    def value(self) -> str:
        """The value in words."""
        return words.amount(self.now.value, self.meter) if self.now else "—"

    @property
    def designed_words(self) -> str:
        """The design load in words."""
        return words.amount(self.designed, self.meter) if self.designed else "—"


def board(*, at: datetime, days: int = 1) -> list[Line]:
    """Return every meter, those with a warning first. Five queries, however much was measured.

    :param days: 1: the last 24 hours by hour; more: by day
    """
    now = {row.meter: row for row in LoadNow.objects.all()}
    chosen, peaks = design.in_force(), _peaks(at=at, days=days)
    growth, p95 = _growth(at=at), timing.recent([timing.Kind.SERVER], since=at - timedelta(hours=1)).quantile(0.95)
    found = [
        _line(Meter(meter), now.get(meter), chosen, peaks.get(meter, {}), growth, at=at, days=days) for meter in Meter.values
    ]
    if p95 is not None:
        told = {"n": f"{p95:,.0f}", "bar": timing.SERVER_BAR_MS}
        said = _("近一小时 95%% 的请求在 %(n)s 毫秒内，目标 %(bar)s 毫秒") % told
        found = [replace(one, ahead=said) if one.meter == Meter.RESPONSE else one for one in found]
    return sorted(found, key=lambda one: {"SEVERE": 0, "WARN": 1}.get(one.level, 2))


def _line(
    meter: Meter,
    now: LoadNow | None,
    chosen: dict[str, float],
    peaks: Mapping[Any, float],
    growth: Mapping[str, Any],
    *,
    at: datetime,
    days: int,
) -> Line:
    designed = design.of(meter, capacity=now.design if now else None, chosen=chosen)
    ahead = _ahead(growth.get(meter, []), designed) if meter in GROWING and designed else ""
    is_stale = now is not None and at - now.at > STALE
    return Line(meter, now, designed, is_stale, _bars(meter, designed, peaks, at=at, days=days), ahead)


def _peaks(*, at: datetime, days: int) -> dict[str, dict[Any, float]]:
    since = at - timedelta(days=days)
    found: dict[str, dict[Any, float]] = {}
    for meter, hour, peak in LoadHour.objects.filter(hour__gt=since).values_list("meter", "hour", "peak"):
        key = hour if days == 1 else clock.shanghai_date(hour)
        of = found.setdefault(meter, {})
        of[key] = max(of.get(key, 0.0), peak)
    return found


def _growth(*, at: datetime) -> dict[str, list[tuple[date, float]]]:
    rows = LoadHour.objects.filter(meter__in=GROWING, hour__gt=at - timedelta(days=rules.LOOKS_BACK)).order_by("hour")
    found: dict[str, dict[date, float]] = {}
    for meter, hour, peak in rows.values_list("meter", "hour", "peak"):
        of = found.setdefault(meter, {})
        day = clock.shanghai_date(hour)
        of[day] = max(of.get(day, 0.0), peak)
    return {meter: sorted(of.items()) for meter, of in found.items()}


def _ahead(peaks: list[tuple[date, float]], designed: float) -> Any:
    days = rules.days_until(peaks, line=designed * rules.WARN)
    if days == 0:
        return _("已达设计值的 70%")
    if days is None:
        return _("至少一周的数据才能预测") if len(peaks) < rules.LEAST_DAYS else _("按近 30 天看没有明显增长")
    return _("按近 30 天的增长，约 %(n)d 天后达到设计值的 70%%") % {"n": days}


def _bars(meter: str, designed: float, peaks: Mapping[Any, float], *, at: datetime, days: int) -> list[Bar]:
    if days == 1:
        hour = at.replace(minute=0, second=0, microsecond=0)
        keys: Iterable[Any] = [hour - timedelta(hours=n) for n in range(23, -1, -1)]
        names = {key: f"{key.astimezone(clock.SHANGHAI):%H:00}" for key in keys}
    else:
        keys = [clock.shanghai_date(at) - timedelta(days=n) for n in range(days - 1, -1, -1)]
        names = {key: f"{key:%m-%d}" for key in keys}
    most = max([designed, *peaks.values()]) or 1.0
    return [
        Bar(
            names[key],
            words.amount(peaks[key], meter) if key in peaks else "—",
            max(1, round(peaks.get(key, 0.0) * 100 / most)) if key in peaks else 0,
            _level(rules.share(peaks.get(key, 0.0), designed)),
        )
        for key in keys
    ]


def _level(part: float) -> str:
    return "SEVERE" if part >= rules.SEVERE else "WARN" if part >= rules.WARN else ""


def warnings(*, meter: str = "", stage: str = "", since: date | None = None, until: date | None = None) -> QuerySet[LoadWarning]:
    """Return the log of warnings, newest first; days are those of Zhejiang, both included."""
    wanted = Q()
    if meter in Meter.values:
        wanted &= Q(meter=meter)
    if stage in LoadWarning.Stage.values:
        wanted &= Q(stage=stage)
    if since:
        wanted &= Q(at__gte=clock.shanghai_midnight(since))
    if until:
        wanted &= Q(at__lt=clock.shanghai_midnight(until + timedelta(days=1)))
    return LoadWarning.objects.filter(wanted).order_by("-at", "-id")


def episode(number: UUID) -> list[LoadWarning]:
    """Return everything about one warning, oldest first; empty where there is none."""
    return list(LoadWarning.objects.filter(episode=number).order_by("at", "id"))


def open_warnings() -> int:
    """Return how many warnings are open."""
    return LoadNow.objects.exclude(level="").count()


def forget_old(*, at: datetime) -> int:
    """Delete measured hours older than three years; the log of warnings stays. Returns how many went."""
    return LoadHour.objects.filter(hour__lt=at - timedelta(days=3 * 366)).delete()[0]
