"""Doorbells of timing."""

from celery import shared_task

from infra.kit import clock
from public.timing import adding


@shared_task(name="timing.add_up")
def add_up() -> int:
    """Add up the times that the web counted. Safe to ring twice."""
    return adding.add_up(at=clock.now())


@shared_task(name="timing.forget_old")
def forget_old() -> int:
    """Fold hours of some days ago into days, forget days of long ago."""
    return adding.forget_old(at=clock.now())
