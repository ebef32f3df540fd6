"""Doorbells of the help desk."""

from celery import shared_task

from infra.kit import clock
from public.helpdesk import escalating, forgetting, telling


@shared_task(name="helpdesk.watch")
def watch() -> int:
    """Tell the desk what comes to its end and askers what was answered; safe to ring twice."""
    return escalating.watch(at=clock.now()) + telling.send_waiting()


@shared_task(name="helpdesk.forget")
def forget() -> int:
    """Let go what is needed no longer; safe to ring twice."""
    return forgetting.forget(at=clock.now())
