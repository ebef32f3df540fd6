"""Doorbells of complaints."""

from celery import shared_task

from infra.kit import clock
from public.complaints import escalating, forgetting, telling


@shared_task(name="complaints.watch")
def watch() -> int:
    """Tell the desk what comes to its end and complainants what happened; safe to ring twice."""
    return escalating.watch(at=clock.now()) + telling.send_waiting()


@shared_task(name="complaints.forget")
def forget() -> int:
    """Let contacts of complaints go that ended long ago; safe to ring twice."""
    return forgetting.forget(at=clock.now())
