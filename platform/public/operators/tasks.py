"""Doorbells of the platform's people."""

from celery import shared_task

from infra.kit import clock
from public.operators import changes
from public.operators.notices import sending


@shared_task(name="operators.block_stale")
def block_stale() -> int:
    """Block operators who have not signed in for 90 days; returns how many."""
    return changes.block_stale(at=clock.now())


@shared_task(name="operators.lapse_changes")
def lapse_changes() -> int:
    """End requests that nobody decided within seven days; returns how many."""
    return changes.lapse(at=clock.now())


@shared_task(name="operators.send_notices")
def send_notices() -> int:
    """Send the mail that waits for operators; returns how much went out. Safe to ring twice."""
    return sending.send_waiting(at=clock.now())
