"""Uptime, pure: minutes as bits, what counts, and what was promised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PROMISED = 0.999
"""Share of minutes of a month in which learning works (service agreement; design load of clause S2)."""
MOST_FAULTS = 0.003
"""Share of minutes of a year that may fail (clause 六.(三).1: yearly fault rate below 0.3 %)."""
CORE = ("WEB", "DATABASE", "CACHE", "STORAGE", "MEDIA")
"""What learning needs. Without the worker people learn on, and records follow when it is back; it is shown, not counted."""
FULL = (1 << 60) - 1
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEAST_GAP = 2
"""So many minutes in a row must nobody have measured to call it a gap: one may be lost to a slow start."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, half-open."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Uptime:
    """Minutes of a stretch: how many count, in how many it worked, how many nobody measured (they count as not working)."""

    minutes: int = 0
    up: int = 0
    unmeasured: int = 0
    planned: int = 0

    @property
    def share(self) -> float | None:
        """The share in which it worked; None where nothing counts."""
        return self.up / self.minutes if self.minutes else None

    @property
    def percent(self) -> str:
        """The share in percent, rounded down to thousandths: 99.9 is never reached by rounding."""
        return f"{self.up * 100_000 // self.minutes / 1000:.3f}" if self.minutes else "—"

    @property
    def down(self) -> int:
        """Minutes in which it did not work."""
        return self.minutes - self.up

    @property
    def allowed(self) -> int:
        """Minutes that the promise leaves."""
        return int(self.minutes * (1 - PROMISED) + 1e-9)

    @property
    def fault_percent(self) -> str:
        """The share in which it did not work, in percent, rounded up to thousandths."""
        return f"{-(-self.down * 100_000 // self.minutes) / 1000:.3f}" if self.minutes else "—"

    @property
    def is_within_the_year(self) -> bool:
        """Whether less failed than the clause allows for a year."""
        return self.minutes > 0 and self.down < self.minutes * MOST_FAULTS

    @property
    def keeps(self) -> bool:
        """Whether the promise was kept."""
        return self.minutes > 0 and self.up >= self.minutes * PROMISED

    def __add__(self, other: "Uptime") -> "Uptime":
        """Return both together."""
        return Uptime(
            self.minutes + other.minutes, self.up + other.up, self.unmeasured + other.unmeasured, self.planned + other.planned
        )


def hour_of(at: datetime) -> datetime:
    """Return the hour in which a moment lies, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def bit(at: datetime) -> int:
    """Return the bit of a moment's minute."""
    return 1 << at.minute


def mask(hour: datetime, span: Span) -> int:
    """Return the bits of the minutes of an hour that lie whole within a span."""
    first = max(0, -(-int((span.start - hour).total_seconds()) // 60))
    last = min(60, int((span.end - hour).total_seconds()) // 60)
    return ((1 << last) - 1) & ~((1 << first) - 1) if last > first else 0


Bits = Mapping[str, tuple[int, int]]
"""Component to (measured, ok) of one hour."""


def uptime(hours: Mapping[datetime, Bits], *, within: Span, components: Iterable[str], planned: Iterable[Span] = ()) -> Uptime:
    """Add up the minutes of a stretch in which **all** of some components worked.

    A minute that nobody measured counts as not working: a platform that is down measures nothing either. Minutes of work that was
    announced ahead do not count at all. The minute that is going on counts when it is over.

    :param hours: what was measured, by hour; hours without a row were not measured
    :param within: from the first measurement, or the stretch's beginning, to its end, or now
    """
    wanted, works = tuple(components), list(planned)
    total = Uptime()
    hour = hour_of(within.start)
    while hour < within.end:
        counted = mask(hour, within)
        off = 0
        for span in works:
            off |= mask(hour, span)
        planned_bits, counted = counted & off, counted & ~off
        bits = hours.get(hour, {})
        ok = measured = FULL
        for component in wanted:
            seen, good = bits.get(component, (0, 0))
            measured, ok = measured & seen, ok & good
        total += Uptime(
            counted.bit_count(), (ok & counted).bit_count(), (counted & ~measured).bit_count(), planned_bits.bit_count()
        )
        hour += HOUR
    return total


def gaps(hours: Mapping[datetime, Bits], *, within: Span, planned: Iterable[Span] = (), least: int = LEAST_GAP) -> list[Span]:
    """Return the stretches of at least ``least`` minutes in which nothing at all was measured, oldest first; announced work is none.

    They count as down already (`uptime`): whoever could not write then owes the public the reason now.
    """
    works, found, hour = list(planned), list[Span](), hour_of(within.start)
    while hour < within.end:
        missed = mask(hour, within)
        for span in works:
            missed &= ~mask(hour, span)
        for seen, _good in hours.get(hour, {}).values():
            missed &= ~seen
        for minute in range(60) if missed else ():
            if missed >> minute & 1:
                start = hour + timedelta(minutes=minute)
                joined = found and found[-1].end == start
                begun = found.pop().start if joined else start
                found.append(Span(begun, start + MINUTE))
        hour += HOUR
    return [span for span in found if span.end - span.start >= least * MINUTE]


def months_before(at: datetime, count: int) -> list[Span]:
    """Return this month in Zhejiang and those before it, newest first, as spans."""
    from infra.kit import clock

    day = clock.shanghai_date(at).replace(day=1)
    found = []
    end = clock.shanghai_midnight((day + timedelta(days=32)).replace(day=1))
    for _turn in range(count):
        start = clock.shanghai_midnight(day)
        found.append(Span(start, end))
        end, day = start, (day - timedelta(days=1)).replace(day=1)
    return found
