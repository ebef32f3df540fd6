"""When a learner must prove to be there (design LEARNING.md, "Provisional until proven"). Pure, but for the drawing of times.

Nobody can know the next check: it is drawn by the server in milliseconds of paid play, which go on over sessions.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from apps.learning.rules import Claim, is_complete

FIRST_S = (60, 120)
"""Seconds of play from an opening proof to the first check."""
USUAL_S = (300, 900)
"""Seconds of play from one check to the next."""
WATCHED_S = (120, 240)
"""The same where signals speak of cheating, and while an answer waits for a person's judgement."""
WITHIN_S = 60
"""Seconds in which a check must be answered."""
TRIES = 2
"""Wrong answers that one check allows; the last of them is a miss."""
MISSES = 3
"""Misses in a day that lock a learner until a manager has looked."""
OPENING_FRESH = timedelta(hours=12)
"""How long a proof at opening lasts on one terminal."""
HIGH_SCORE = 40
"""From this score of signals (0-100) on checks come more often. A signal alone never punishes."""

Why: TypeAlias = Literal["due", "finish", "again"]
Phase: TypeAlias = Literal["opening", "playing", "paused", "challenged", "must_prove", "closed"]


@dataclass(frozen=True, slots=True)
class Duty:
    """Where a learner stands before a beat. ``is_asked``: a check is open."""

    unproven_ms: int
    due_ms: int
    must_prove: bool = False
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What a beat does to the duty; ``ask`` says why a check begins now, None: none does."""

    unproven_ms: int
    due_ms: int
    ask: Why | None = None


def step(duty: Duty, claim: Claim, *, paid_ms: int, score: int, is_finish: bool) -> Step:
    """Move a learner's duty by what a beat paid, and say whether a check begins.

    :param is_finish: the course's last lesson was just learnt to its end
    """
    unproven, due = duty.unproven_ms + paid_ms, duty.due_ms
    if score >= HIGH_SCORE:
        due = sooner(due, unproven)
    return Step(unproven, due, None if duty.is_asked or claim.hidden else _why(duty, claim, unproven, due, is_finish))


def _why(duty: Duty, claim: Claim, unproven: int, due: int, is_finish: bool) -> Why | None:
    if duty.must_prove:
        return "again" if claim.state == "playing" else None
    if not unproven or claim.state == "paused":
        return None
    return "finish" if is_finish else "due" if unproven >= due else None


def lacks_proof(*, covered_ms: int, unproven_ms: int, here_ms: int, duration_ms: int) -> bool:
    """Say whether a course whose last lesson was just learnt to its end still needs a proof.

    It does not for the moment after a check that was passed at the very end: less than what completion forgives, all in this session
    (``here_ms`` of the learner's ``unproven_ms``). Nobody is asked twice in a row for a blink.
    """
    return unproven_ms != here_ms or not is_complete(covered_ms - here_ms, duration_ms)


def sooner(due_ms: int, unproven_ms: int) -> int:
    """Return a time of the next check that is not later than the watched pace allows."""
    return due_ms if due_ms - unproven_ms <= WATCHED_S[1] * 1000 else unproven_ms + draw_ms(WATCHED_S)


def draw_ms(span_s: tuple[int, int]) -> int:
    """Draw milliseconds from a span of seconds, both ends included."""
    low, high = span_s[0] * 1000, span_s[1] * 1000
    return low + secrets.randbelow(high - low + 1)


def next_due_ms(score: int) -> int:
    """Draw when the check after a passed one is due, in milliseconds of play."""
    return draw_ms(WATCHED_S if score >= HIGH_SCORE else USUAL_S)


def misses_after(misses: int, misses_on: date | None, *, today: date) -> int:
    """Return a learner's misses of ``today`` with one more."""
    return (misses if misses_on == today else 0) + 1


def was_heard(*, issued_at: datetime, shown_at: datetime | None, last_at: datetime) -> bool:
    """Say whether a check can have reached the learner: it was fetched, or its page spoke after it was issued.

    A check that a broken network swallowed voids what it must, but never counts toward the lock.
    """
    return shown_at is not None or last_at > issued_at


def phase(*, state: str, is_open: bool, is_asked: bool, must_prove: bool) -> Phase:
    """Name where a session stands: OPENING → PLAYING ⇄ PAUSED, PLAYING → CHALLENGED → PLAYING or MUST_PROVE, any → CLOSED."""
    if not is_open:
        return "closed"
    if must_prove or state == "must_prove":
        return "must_prove"
    if is_asked:
        return "challenged"
    known: dict[str, Phase] = {"opened": "opening", "playing": "playing"}
    return known.get(state, "paused")
