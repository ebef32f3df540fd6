"""Doorbells of load."""

from celery import shared_task

from infra.kit import clock
from public.load import queries, warning


@shared_task(name="load.measure")
def measure() -> int:
    """Read all meters for this minute; returns how many warnings are open. Safe to ring twice."""
    return warning.measure(at=clock.now())


@shared_task(name="load.forget_old")
def forget_old() -> int:
    """Forget measured hours of long ago."""
    return queries.forget_old(at=clock.now())
