"""Doorbells of learning."""

from celery import shared_task

from apps.learning import services, voiding
from infra.kit import clock
from tenants.api import each_enterprise


@shared_task(name="learning.tasks.close_idle")
def close_idle() -> int:
    """End silent sessions, and judge checks that nobody answered, in every enterprise; one walk for both."""
    return sum(_tend() for _site in each_enterprise())


def _tend() -> int:
    at = clock.now()
    return voiding.settle_all_overdue(at=at) + services.close_idle(at=at)


@shared_task(name="learning.tasks.close_recalled")
def close_recalled(*, version_id: int) -> int:
    """End the sessions with a version that was taken down, in every enterprise; safe to ring twice."""
    return sum(services.close_recalled(version_id=version_id, at=clock.now()) for _site in each_enterprise())
