"""Doorbells of enterprises' life."""

from celery import shared_task

from infra.kit import clock
from public.lifecycle import closing, visiting


@shared_task(name="lifecycle.finish_closures")
def finish_closures() -> int:
    """Close enterprises whose time to think it over is at an end; safe to ring twice."""
    return closing.finish_due(at=clock.now())


@shared_task(name="lifecycle.end_visits")
def end_visits() -> int:
    """End visits that have run out and questions that nobody answered; safe to ring twice."""
    return visiting.end_due(at=clock.now())
