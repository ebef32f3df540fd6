"""Doorbells of uploads."""

import time
from uuid import UUID

from celery import Task, shared_task

from infra.kit import clock
from public.uploads import checking, late
from tenants.ringing import ring

_TURN_S = 45.0


@shared_task(name="uploads.check", acks_late=True, bind=True, max_retries=5)
def check_upload(self: "Task[[str], None]", *, upload: str) -> None:
    """Check one whole file; safe to ring twice. A scanner that does not answer is asked again, later each time."""
    try:
        checking.check(upload=UUID(upload), at=clock.now())
    except OSError as problem:
        raise self.retry(exc=problem, countdown=30 * 2**self.request.retries) from problem


@shared_task(name="uploads.sweep")
def sweep() -> None:
    """Clear away what was abandoned."""
    checking.sweep(at=clock.now())


@shared_task(name="uploads.seal_clear")
def seal_clear(again: bool = False) -> int:
    """Seal files that came before such files were encrypted, for less than a minute, and ring again where some are left; returns how many are.

    :param again: look at those once more that could not be sealed
    """
    end = time.monotonic() + _TURN_S
    before = late.standing()
    after = late.seal_all(stop=lambda: time.monotonic() > end, again=again)
    if after.clear and after.sealed > before.sealed:
        ring(seal_clear)
    return after.clear
