"""Doorbells of learning."""

from uuid import UUID

from celery import shared_task

from apps.learning import services, voiding
from apps.learning.appeals.services import carry_out
from infra.kit import clock
from public.appeals import api as appeals
from tenants.api import current_site, everywhere, platform_scope


@shared_task(name="learning.tasks.close_idle")
def close_idle() -> int:
    """End silent sessions, and judge checks that nobody answered, in every enterprise; one walk for both."""
    return everywhere(_tend, include_suspended=True)


def _tend() -> int:
    at = clock.now()
    return voiding.settle_all_overdue(at=at) + services.close_idle(at=at)


@shared_task(name="learning.tasks.close_recalled")
def close_recalled(*, version_id: int) -> int:
    """End the sessions with a version that was taken down, in every enterprise; safe to ring twice."""
    return everywhere(lambda: services.close_recalled(version_id=version_id, at=clock.now()))


@shared_task(name="learning.tasks.close_suspended")
def close_suspended() -> int:
    """End every session of this enterprise, unless it is in use again by now; safe to ring twice."""
    return 0 if current_site().is_active else services.close_all(at=clock.now())


@shared_task(name="learning.tasks.carry_out_decision")
def carry_out_decision(*, case: str) -> bool:
    """Do in this enterprise what the platform decided about an appeal, then note on the platform that it is done."""
    now, done = clock.now(), carry_out(case_uuid=UUID(case), at=clock.now())
    with platform_scope():
        appeals.note_told(case=UUID(case), at=now)
    return done
