"""Pure rules of offline classes: when somebody was there, what that counts, which code is good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

STEP_S = 30
"""A code on the trainer's screen lives this long, so that a picture of it sent to somebody at home is old on arrival."""
GOOD_STEPS = 2
"""The code shown now and the one before it: a phone needs a moment between scanning and pressing."""
EARLY, LATE = timedelta(minutes=30), timedelta(minutes=30)
"""Signing is open this long before and after a class; what lies outside the class counts nothing."""
LONGEST = timedelta(hours=12)
MOST_SEATS = 500

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Event:
    """One row of attendance. ``kind``: IN OUT MARK CORRECTION; ``since`` and ``until`` only of the last two, None = absent."""

    kind: str
    at: datetime
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One online study session. ``paid_ms``: at most this much of it was paid; None while it still earns."""

    start: datetime
    end: datetime
    paid_ms: int | None


@dataclass(frozen=True, slots=True)
class Presence:
    """When somebody was there, within the class. ``open_since``: signed in and not out again, which counts nothing."""

    spans: tuple[Span, ...]
    open_since: datetime | None

    @property
    def ms(self) -> int:
        """The length of all spans."""
        return sum(millis(end - start) for start, end in self.spans)


def presence(events: Iterable[Event], *, starts_at: datetime, ends_at: datetime) -> Presence:
    """Read attendance in the order in which it was written, and cut it to the class.

    Both signing in and signing out are asked for: without the second nobody knows how long somebody stayed.
    """
    spans: list[Span] = []
    open_since: datetime | None = None
    for event in events:
        if event.kind in {"MARK", "CORRECTION"}:
            spans, open_since = [], None
            if event.since is not None and event.until is not None:
                spans.append((event.since, event.until))
        elif event.kind == "IN":
            open_since = open_since or event.at
        elif open_since is not None:
            spans.append((open_since, event.at))
            open_since = None
    return Presence(tuple(merged(spans, starts_at=starts_at, ends_at=ends_at)), open_since)


def merged(spans: Iterable[Span], *, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """Return the spans cut to [starts_at, ends_at), without overlaps, in order."""
    cut = sorted((max(start, starts_at), min(end, ends_at)) for start, end in spans)
    found: list[Span] = []
    for start, end in cut:
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def overlap_ms(spans: Sequence[Span], sittings: Iterable[Sitting]) -> int:
    """Return how much of the presence was paid online at the same time: such time counts once, where the server timed it itself.

    Pay of a sitting never exceeds its time on the clock, so of each sitting at most ``paid_ms`` can lie within the spans.
    """
    total = 0
    for sitting in sittings:
        both = sum(max(0, millis(min(end, sitting.end) - max(start, sitting.start))) for start, end in spans)
        total += both if sitting.paid_ms is None else min(both, sitting.paid_ms)
    return min(total, sum(millis(end - start) for start, end in spans))


def credit_ms(*, present_ms: int, overlap: int, class_ms: int, day_left_ms: int) -> int:
    """Return what counts of a presence: less what counts online, at most the class's hours and what is left of the day (三.5)."""
    return max(0, min(present_ms - overlap, class_ms, day_left_ms))


def step(at: datetime) -> int:
    """Return the number of the 30 seconds in which ``at`` lies."""
    return int(at.timestamp()) // STEP_S


def left_s(at: datetime) -> int:
    """Return how many seconds the code shown at ``at`` stays on the screen, 1-30."""
    return STEP_S - int(at.timestamp()) % STEP_S


def signing_is_open(at: datetime, *, starts_at: datetime, ends_at: datetime) -> bool:
    """Say whether a phone may sign at ``at``."""
    return starts_at - EARLY <= at <= ends_at + LATE


def millis(span: timedelta) -> int:
    """Return whole milliseconds."""
    return span // timedelta(milliseconds=1)
