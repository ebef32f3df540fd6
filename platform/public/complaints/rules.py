"""Pure rules of promised times: when an answer is due, how much of the time is over, what a pause and an extension do.

Clause 六.(一).6. Days are working days with the moved ones (`infra.kit.workdays`); a time in days ends at 18:00. How much of it is over
is measured in working days as well, so that a weekend brings nobody nearer to the end.
"""

from datetime import date, datetime, timedelta

from infra.kit import workdays
from public.complaints.shapes import PromiseView

STAGES = (50, 80, 100)
"""Percent of the time at which the desk is told."""
REOPEN_WITHIN = timedelta(days=15)
"""How long after a decision its complainant may have it looked at again."""
MOST_ROUNDS = 3
"""How often one complaint is dealt with at most; after that the authority's hotline is named."""


def answer_due(promise: PromiseView, at: datetime) -> datetime:
    """Return by when a person answers what was filed at ``at``."""
    if promise.office_only:
        return workdays.in_office(at, promise.answer_minutes)
    return at + timedelta(minutes=promise.answer_minutes)


def settle_due(promise: PromiseView, at: datetime) -> datetime:
    """Return by when what was filed at ``at`` is decided."""
    if promise.settle_hours is not None:
        return at + timedelta(hours=promise.settle_hours)
    return workdays.after(at, promise.settle_days or 0)


def extended(promise: PromiseView, due: datetime) -> datetime:
    """Return the end after the one extension."""
    return workdays.after(due, promise.extend_days)


def share(*, in_days: bool, start: datetime, due: datetime, at: datetime) -> int:
    """Return how much of the time from ``start`` to ``due`` is over at ``at``, in percent; 100 and more: too late.

    :param in_days: measure in working days instead of hours
    """
    if at >= due:
        return 100 + int((at - due) / timedelta(days=1))
    whole = workdays.span(start, due) if in_days else due - start
    over = workdays.span(start, at) if in_days else at - start
    return min(99, max(0, int(over * 100 / whole))) if whole > timedelta(0) else 99


def stage(percent: int) -> int:
    """Return the last stage that is reached, 0 before the first."""
    return max((one for one in STAGES if one <= percent), default=0)


def resumed(*, in_days: bool, start: datetime, due: datetime, paused: datetime, at: datetime) -> tuple[datetime, datetime]:
    """Return start and end after a pause: both move by its length, in whole working days where days were promised."""
    if in_days:
        days = workdays.between(paused, at)
        return workdays.shifted(start, days), workdays.shifted(due, days)
    pause = at - paused
    return start + pause, due + pause


def holding(promises: list[PromiseView], day: date) -> PromiseView:
    """Return of one category's promises the one that holds on a day; before the first one, the first.

    :raises LookupError: there is none
    """
    if not promises:
        raise LookupError("no promised time for this category")
    ordered = sorted(promises, key=lambda one: one.valid_from)
    return next((one for one in reversed(ordered) if one.valid_from <= day), ordered[0])
