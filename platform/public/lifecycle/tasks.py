"""Doorbells of enterprises' life."""

from celery import shared_task

from infra.kit import clock
from public.lifecycle import closing


@shared_task(name="lifecycle.finish_closures")
def finish_closures() -> int:
    """Close enterprises whose time to think it over is at an end; safe to ring twice."""
    return closing.finish_due(at=clock.now())
