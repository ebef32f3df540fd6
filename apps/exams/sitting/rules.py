"""Pure rules of sitting: time, numbers of what a browser says, leaving, checks, when a next try may begin. No clock, no database."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from public.questions import api as questions

GRACE = timedelta(seconds=30)
"""An answer may still arrive this long after the clock ran out (slow networks); later ones are refused."""
PAGE_SPAN = 1_000_000
"""Numbers that one opening of the paper may use: the page with number 3 says 3,000,000 and up. So what an older page sends late
never counts over what a newer one said, whichever arrives first."""
SAID_AT_ONCE, SAID_A_SECOND = 300, 2
"""How many things one page may say, so that no script fills the log."""
CHECK_WITHIN = timedelta(seconds=90)
"""How long answers are still taken once a check at a random moment was asked for. At the start none are, before it is passed."""
CHECK_EVERY_S = (360, 900)
"""Seconds from one check to the next; drawn by the server, so that nobody can know."""
CHECK_NOT_BEFORE_END = timedelta(minutes=2)
"""Nobody is asked in the last minutes."""
FACE_FAILURES = 2
"""Failed faces after which only the code by text message remains for this check."""

FULL_SCORE = 100
"""What every result is said out of, whatever the questions weigh."""

Item = Mapping[str, Any]


def page_base(page: int) -> int:
    """Return the lowest number that the page may use."""
    return page * PAGE_SPAN


def page_of(seq: int) -> int:
    """Return which opening of the paper a number comes from."""
    return seq // PAGE_SPAN


def may_say(seq: int, *, pages: int, open_s: float) -> bool:
    """Say whether a page that was really opened may use this number: one page says a few hundred things and two more a second.

    :param open_s: seconds since the try began
    """
    return 0 < seq < page_base(pages + 1) and seq % PAGE_SPAN <= SAID_AT_ONCE + SAID_A_SECOND * max(0.0, open_s)


def is_over(at: datetime, due_at: datetime) -> bool:
    """Say whether it is too late for an answer: time and grace have run out."""
    return at > due_at + GRACE


def left_s(at: datetime, due_at: datetime) -> int:
    """Return the whole seconds that are left on the server's clock."""
    return max(0, int((due_at - at).total_seconds()))


def is_asked(check_due_at: datetime | None, at: datetime) -> bool:
    """Say whether the learner has been asked to prove who is there, and has not yet."""
    return check_due_at is not None and at >= check_due_at


def must_prove(*, check_due_at: datetime | None, proven_at: datetime | None, at: datetime) -> bool:
    """Say whether answers wait for a proof: before the first one at once, later when the asked-for minute and a half is over."""
    if check_due_at is None:
        return False
    return at >= check_due_at if proven_at is None else at > check_due_at + CHECK_WITHIN


def next_check(face: str, *, at: datetime, due_at: datetime) -> datetime | None:
    """Draw when the learner must prove again, after a proof at ``at``; None where the exam is not held so, or is nearly over."""
    if face != "random":
        return None
    low, high = CHECK_EVERY_S
    when = at + timedelta(seconds=low + secrets.randbelow(high - low + 1))
    return when if when <= due_at - CHECK_NOT_BEFORE_END else None


def leaves_too_often(leaves: int, *, limit: int, action: str) -> bool:
    """Say whether this leaving hands the try in: one more than ``limit``; a limit of 0 only counts."""
    return action == "submit" and 0 < limit < leaves


def newest(said: Iterable[tuple[int, int, list[str]]]) -> dict[str, list[str]]:
    """Return question (text) -> the response that counts, of (number, question, response) in any order, said once or more often."""
    best: dict[int, tuple[int, list[str]]] = {}
    for seq, no, response in said:
        if no not in best or seq >= best[no][0]:
            best[no] = (seq, response)
    return {str(no): response for no, (_seq, response) in sorted(best.items()) if response}


def earned(paper: Sequence[Item], answers: Mapping[str, Sequence[str]], points: Mapping[int, int]) -> dict[int, int | None]:
    """Return question -> points: a person's where one has marked, else the machine's; None: a person must mark it."""
    found: dict[int, int | None] = {}
    for item in paper:
        no = int(item["no"])
        found[no] = points[no] if no in points else questions.mark(item, answers.get(str(no), []))
    return found


def percent(earned_points: int, paper: Sequence[Item]) -> int:
    """Return the score 0-100, cut and never rounded up."""
    return earned_points * 100 // sum(questions.worth(item) for item in paper)


def tells_points(worths: Sequence[int]) -> bool:
    """Say whether points help who sits the paper: not where all questions weigh alike and do not sum up to the 100 of the result."""
    return len(set(worths)) > 1 or sum(worths) == FULL_SCORE


def cools_until(failed_at: datetime, cool_hours: int, *, at: datetime) -> datetime | None:
    """Return until when the next try has to wait, None when it need not any more."""
    until = failed_at + timedelta(hours=cool_hours)
    return until if cool_hours and until > at else None


def restudy_missing_min(studied_ms: int, wanted_min: int) -> int:
    """Return the minutes that must still be learnt anew before the next try, rounded up."""
    return max(0, -(-(wanted_min * 60_000 - studied_ms) // 60_000))
