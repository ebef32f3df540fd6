"""Doorbells of the platform's people."""

from celery import shared_task

from infra.kit import clock
from public.operators import changes


@shared_task(name="operators.block_stale")
def block_stale() -> int:
    """Block operators who have not signed in for 90 days; returns how many."""
    return changes.block_stale(at=clock.now())


@shared_task(name="operators.lapse_changes")
def lapse_changes() -> int:
    """End requests that nobody decided within seven days; returns how many."""
    return changes.lapse(at=clock.now())
