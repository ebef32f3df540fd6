"""How learning time is earned (design LEARNING.md; clauses 二.4, 二.5, 二.7 and 三.5). Pure functions, no clock, no database.

All times of media and clocks are whole milliseconds. Days are calendar days in Zhejiang.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from apps.learning import spans
from apps.learning.spans import Spans
from infra.kit import clock

CREDIT_HOUR_S = 2_700
"""满 45 分钟计为 1 学时 (clause 三.5)."""
DAY_MS = 21_600_000
"""每日学习时间最长不超过 8 学时: 8 × 2,700 s (clause 三.5)."""
COMPLETE_PERCENT = 99
"""A courseware counts as learnt from this share of its length on: a player may end a frame early."""
SILENCE_MS = 40_000
"""Longer than this without a word from the player and nothing of the gap is paid."""
BEAT_S = (12, 18)
"""The server draws the time to the next beat from this span, so that no script can count on it."""
LEAD_MS, SESSION_LEAD_MS, DRIFT_PERCENT = 1_500, 3_000, 2
"""How far a position may run ahead of the server's clock: in one interval, in a session, and in proportion."""
END_MS = 1_000
"""A player that says "ended" this close to the measured length is at the end: decoders round the last frame."""
BEATS_AT_ONCE, BEAT_EVERY_MS = 120, 2_000
"""How many beats a session may send: so many, and one more for each so many ms since it opened. All of them are kept as evidence."""
GATE_MS = 2_000
"""A film counts as watched up to one of its points this close before it: the server's clock may have begun a moment later."""
IDLE = timedelta(minutes=30)
"""A session without a beat for this long is closed for the learner."""

Command: TypeAlias = Literal["none", "seek", "pause", "challenge", "close"]
"""What the player must do: ``seek`` and ``pause`` also mean going to the accepted position; ``challenge`` is a presence check."""
Code: TypeAlias = Literal[
    "paid", "not_playing", "hidden", "gap", "backward", "too_fast", "covered", "daily_limit", "no_time", "no_media", "must_prove"
]
"""Why an interval paid what it paid."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session and its coverage stood before a beat. ``unlocked``: media time whose keys were fetched in this session.

    ``gate_ms``: where the film stops until a question is answered; nothing beyond it is believed. None: no such point is ahead.
    """

    state: str
    last_at: datetime
    accepted_ms: int
    furthest_ms: int
    forward_ms: int
    playing_ms: int
    duration_ms: int
    covered: Spans
    unlocked: Spans
    must_prove: bool = False
    gate_ms: int | None = None

    @property
    def end_ms(self) -> int:
        """The furthest position that can be reached now."""
        return self.duration_ms if self.gate_ms is None else min(self.duration_ms, self.gate_ms)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the player says: it is at ``position_ms`` and ``state`` (playing, paused, ended) from now on."""

    position_ms: int
    state: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an interval pays and where the session stands after it. ``by_day`` adds up to the measure of ``paid``."""

    code: Code
    accepted_ms: int
    furthest_ms: int
    forward_ms: int
    playing_ms: int
    paid: Spans = ()
    by_day: tuple[tuple[date, int], ...] = ()
    command: Command = "none"

    @property
    def paid_ms(self) -> int:
        """Milliseconds of credit."""
        return spans.measure(self.paid)


def judge(standing: Standing, claim: Claim, *, at: datetime, used: Mapping[date, int]) -> Verdict:
    """Judge the interval between the last beat and ``at`` by how it opened.

    :param used: milliseconds that the person already used of each day the interval touches; locked by the caller
    """
    elapsed = max(0, (at - standing.last_at) // timedelta(milliseconds=1))
    position = _position(standing, claim)
    advance = position - standing.accepted_ms
    if standing.must_prove:
        return _still(standing, "must_prove", "pause")
    if standing.state != "playing":
        return _closing(_unpaid_move(standing, position), claim, standing.duration_ms)
    if elapsed > SILENCE_MS:
        return _still(standing, "gap", "seek")
    if advance <= 0:
        moved = replace(_still(standing, "backward", "none"), accepted_ms=position)
        return replace(moved, code="covered" if advance == 0 else "backward")
    if _too_fast(standing, advance, elapsed):
        return _still(standing, "too_fast", "seek")
    return _closing(_pay(standing, position, elapsed, at, used), claim, standing.duration_ms)


def _position(standing: Standing, claim: Claim) -> int:
    if claim.state == "ended" and standing.duration_ms - claim.position_ms <= END_MS:
        return standing.end_ms
    return min(claim.position_ms, standing.end_ms)


def _still(standing: Standing, code: Code, command: Command) -> Verdict:
    return Verdict(code, standing.accepted_ms, standing.furthest_ms, standing.forward_ms, standing.playing_ms, command=command)


def _unpaid_move(standing: Standing, position: int) -> Verdict:
    """Nothing runs, so nothing is paid; moving is free up to the furthest watched point (clause 二.7)."""
    accepted = min(position, standing.furthest_ms)
    code: Code = "hidden" if standing.state == "hidden" else "not_playing"
    return replace(_still(standing, code, _pull(position, accepted)), accepted_ms=accepted)


def _pull(position: int, accepted: int) -> Command:
    return "seek" if position - accepted > LEAD_MS else "none"


def _too_fast(standing: Standing, advance: int, elapsed: int) -> bool:
    """Faster than the clock, in this interval or over the session (禁止快进, clause 二.7)."""
    rate = 100 + DRIFT_PERCENT
    total, wall = standing.forward_ms + advance, standing.playing_ms + elapsed
    return advance * 100 > elapsed * rate + LEAD_MS * 100 or total * 100 > wall * rate + SESSION_LEAD_MS * 100


def _pay(standing: Standing, position: int, elapsed: int, at: datetime, used: Mapping[date, int]) -> Verdict:
    new = spans.missing(standing.covered, standing.accepted_ms, position)
    # What was never sent to this session was not seen in it: nothing from there on is paid.
    seen = spans.before(new, spans.start(spans.minus(new, standing.unlocked), position))
    wanted = min(spans.measure(seen), elapsed)
    by_day = _spread(wanted, elapsed, at, used)
    paid = spans.head(seen, sum(ms for _, ms in by_day))
    whole = spans.measure(paid) == spans.measure(new)
    # Unpaid new parts stay ahead of the session, so that a hurried clock leaves no hole behind.
    accepted = position if whole else max(spans.end(paid), standing.accepted_ms)
    limited = spans.measure(paid) < wanted
    code: Code = _reason(new, seen, paid, is_limited=limited)
    return Verdict(
        code,
        accepted,
        max(standing.furthest_ms, accepted),
        standing.forward_ms + accepted - standing.accepted_ms,
        standing.playing_ms + elapsed,
        paid,
        by_day,
        "close" if limited and not _left(used, by_day, at) else _pull(position, accepted),
    )


def _reason(new: Spans, seen: Spans, paid: Spans, *, is_limited: bool) -> Code:
    if not new:
        return "covered"
    if not seen:
        return "no_media"
    return "daily_limit" if is_limited else "paid" if paid else "no_time"


def _spread(wanted: int, elapsed: int, at: datetime, used: Mapping[date, int]) -> tuple[tuple[date, int], ...]:
    """Split ``wanted`` over the days that the interval touches, each within its own clock and allowance."""
    today = clock.shanghai_date(at)
    here = min(elapsed, max(0, (at - clock.shanghai_midnight(today)) // timedelta(milliseconds=1)))
    shares: list[tuple[date, int]] = []
    for day, clocked in ((today - timedelta(days=1), elapsed - here), (today, here)):
        ms = min(wanted, clocked, day_left(used.get(day, 0))) if clocked else 0
        wanted -= ms
        if ms > 0:
            shares.append((day, ms))
    return tuple(shares)


def _left(used: Mapping[date, int], by_day: tuple[tuple[date, int], ...], at: datetime) -> int:
    today = clock.shanghai_date(at)
    return day_left(used.get(today, 0) + dict(by_day).get(today, 0))


def _closing(verdict: Verdict, claim: Claim, duration_ms: int) -> Verdict:
    """A film that ended with its tail unpaid goes back to it, so that no lesson is left a second short."""
    is_short = claim.state == "ended" and verdict.accepted_ms < duration_ms
    return replace(verdict, command="seek") if is_short and verdict.command == "none" else verdict


def state_after(claim: Claim, *, must_prove: bool = False) -> str:
    """Return how the next interval opens: ``playing`` only where somebody can see it (clause 二.4).

    :param must_prove: the learner missed a check, and nothing counts before one is passed
    """
    return "must_prove" if must_prove else "hidden" if claim.hidden else claim.state


def day_left(used_ms: int) -> int:
    """Return the milliseconds that a person may still earn on a day."""
    return max(0, DAY_MS - used_ms)


def days_of(at: datetime) -> tuple[date, date]:
    """Return the days that an interval which pays may touch: that of its earliest possible opening and that of ``at``."""
    return clock.shanghai_date(at - timedelta(milliseconds=SILENCE_MS)), clock.shanghai_date(at)


def credit_hours(ms: int) -> int:
    """Return whole 学时 of confirmed milliseconds over all courseware; the remainder carries over (clause 三.5)."""
    return ms // 1000 // CREDIT_HOUR_S


def is_complete(covered_ms: int, duration_ms: int) -> bool:
    """Say whether a courseware counts as learnt."""
    return duration_ms > 0 and covered_ms * 100 >= duration_ms * COMPLETE_PERCENT


def is_at_gate(accepted_ms: int, gate_ms: int | None) -> bool:
    """Say whether a film has come to the point at which it stops and asks."""
    return gate_ms is not None and accepted_ms >= gate_ms - GATE_MS


def is_flood(seq: int, *, opened_at: datetime, at: datetime) -> bool:
    """Say whether a session has sent more beats than any player has reason to."""
    return seq > BEATS_AT_ONCE + max(0, (at - opened_at) // timedelta(milliseconds=BEAT_EVERY_MS))


def next_beat_s() -> int:
    """Draw the seconds until the next beat."""
    return BEAT_S[0] + secrets.randbelow(BEAT_S[1] - BEAT_S[0] + 1)
