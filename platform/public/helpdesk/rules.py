"""Pure rules of promised hours. The help desk is open round the clock (clause 六.(一).1–2): an hour is an hour, also at night and on holidays."""

from datetime import date, datetime, timedelta

from public.helpdesk.shapes import PromiseView

STAGES = (50, 80, 100)
"""Percent of the time at which the desk is told."""
REOPEN_WITHIN = timedelta(days=7)
"""How long after it was solved a question may be taken up again."""
GIVE_UP_AFTER = timedelta(days=7)
"""How long the desk waits for an asker's words before it closes the question by itself."""


def answer_due(promise: PromiseView, at: datetime) -> datetime:
    """Return by when a person answers what was asked at ``at``."""
    return at + timedelta(minutes=promise.answer_minutes)


def settle_due(promise: PromiseView, at: datetime) -> datetime:
    """Return by when what was asked at ``at`` is solved."""
    return at + timedelta(hours=promise.settle_hours)


def share(*, start: datetime, due: datetime, at: datetime) -> int:
    """Return how much of the time from ``start`` to ``due`` is over at ``at``, in percent; 100 and more: too late."""
    if due <= start:
        return 100
    return max(0, int((at - start) * 100 / (due - start)))


def stage(percent: int) -> int:
    """Return the last stage that is reached, 0 before the first."""
    return max((one for one in STAGES if one <= percent), default=0)


def resumed(*, start: datetime, due: datetime, paused: datetime, at: datetime) -> tuple[datetime, datetime]:
    """Return start and end after a pause: both move by its length."""
    pause = at - paused
    return start + pause, due + pause


def holding(promises: list[PromiseView], day: date) -> PromiseView:
    """Return of one urgency's promises the one that holds on a day; before the first one, the first.

    :raises LookupError: there is none
    """
    if not promises:
        raise LookupError("no promised hours for this urgency")
    ordered = sorted(promises, key=lambda one: one.valid_from)
    return next((one for one in reversed(ordered) if one.valid_from <= day), ordered[0])
