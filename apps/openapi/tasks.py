"""Doorbells of the open interface."""

from celery import shared_task

from apps.openapi import reminding, repeating
from apps.openapi.hooks import delivering, desk, ringing
from infra.kit import clock
from public.hooks import api as hooks
from tenants.api import Enterprise, current_site, everywhere


@shared_task(name=ringing.TASK)
def send_hooks() -> int:
    """Carry away what is due in this enterprise, and ring again for the next try. Safe to ring twice; a closed enterprise tells nobody."""
    if current_site().status == Enterprise.Status.CLOSED:
        return 0
    done = delivering.deliver(at=clock.now())
    if done == delivering.MOST:  # the next hundred let other work pass first
        send_hooks.delay()
    elif (wait := delivering.next_due(at=clock.now())) is not None:
        ringing.ring(after_s=max(wait, ringing.GATHERS_S + 1))
    return done


@shared_task(name="openapi.revive_hooks")
def revive_hooks() -> int:
    """Ring in every enterprise that has hooks and where something is due: lost bells, late tries. No other schema is opened."""
    return everywhere(_revive, include_suspended=True, among=hooks.listeners())


def _revive() -> int:
    if current_site().status == Enterprise.Status.CLOSED or not delivering.due(clock.now()).exists():
        return 0
    send_hooks.delay()
    return 1


@shared_task(name="openapi.tidy")
def tidy() -> int:
    """Remind of keys that end soon; forget old deliveries and answers; in every enterprise."""
    return everywhere(_tidy, include_suspended=True)


def _tidy() -> int:
    at = clock.now()
    return reminding.remind(at=at) + desk.forget_old(at=at) + repeating.forget_old(at=at)
