"""Doorbells of enterprises' life."""

from celery import shared_task
from django.conf import settings

from infra.kit import clock
from public.lifecycle import closing, ending, visiting
from public.lifecycle.destruction import running


@shared_task(name="lifecycle.finish_closures")
def finish_closures() -> int:
    """Close enterprises whose time to think it over is at an end; safe to ring twice."""
    return closing.finish_due(at=clock.now())


@shared_task(name="lifecycle.end_visits")
def end_visits() -> int:
    """End visits that have run out and questions that nobody answered; safe to ring twice."""
    return visiting.end_due(at=clock.now())


@shared_task(name="lifecycle.review_ends")
def review_ends() -> int:
    """Look through closed enterprises for legal periods that end; safe to ring twice."""
    return ending.review(at=clock.now())


@shared_task(name="lifecycle.destroy")
def destroy() -> int:
    """Carry destructions on that two approved; safe to ring at any time. Only where the owner's URL is known, for a schema is dropped."""
    return running.carry_on(at=clock.now()) if "owner" in settings.DATABASES else 0
