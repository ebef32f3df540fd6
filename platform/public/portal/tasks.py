"""Doorbells of the portal; they stand on the platform and are safe to ring twice."""

from celery import shared_task

from infra.kit import clock
from public.portal import counting, watching


@shared_task(name="portal.count")
def count() -> int:
    """Count the figures of the running month and year anew; returns how many rows."""
    return counting.count_now(at=clock.now())


@shared_task(name="portal.watch")
def watch() -> int:
    """Remind enterprises of notices that come to their end, and say what is overdue; returns how many."""
    return watching.watch(at=clock.now())
