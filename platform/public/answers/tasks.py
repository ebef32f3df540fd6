"""Doorbells of answers."""

from celery import shared_task

from infra.kit import clock
from public.answers import services


@shared_task(name="answers.tell_again")
def tell_again() -> int:
    """Tell decisions again that no enterprise has noted yet; safe to ring twice."""
    return services.tell_again(at=clock.now())
