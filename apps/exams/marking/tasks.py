"""Doorbells of marking."""

from celery import shared_task

from apps.exams.marking import applying, queue
from infra.kit import clock
from tenants.api import everywhere


@shared_task(name="exams.carry_out")
def carry_out(proposal: int) -> int:
    """Correct the tries of one approved proposal; returns how many. Safe to ring twice."""
    return applying.carry_out(proposal, at=clock.now())


@shared_task(name="exams.mend_marking")
def mend_marking() -> int:
    """Go on with what was cut off, in every enterprise: tries without a place in the queue, proposals half done. Runs on the platform."""
    at = clock.now()
    return everywhere(lambda: queue.catch_up(at=at) + applying.carry_out_all(at=at), include_suspended=True)
