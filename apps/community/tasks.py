"""Doorbells of community."""

from uuid import UUID

from celery import shared_task

from apps.community.threads import reminding, sharing
from infra.kit import clock
from public.answers import api as answers
from tenants.api import everywhere, platform_scope


@shared_task(name="community.remind_unanswered")
def remind_unanswered() -> int:
    """Remind of questions that wait, in every enterprise. Safe to ring twice a day."""
    return everywhere(lambda: reminding.remind(at=clock.now()))


@shared_task(name="community.take_in_decision")
def take_in_decision(*, proposal: str) -> bool:
    """Take in, in this enterprise, what the platform decided, then note on the platform that it is done. Safe to ring twice."""
    at = clock.now()
    done = sharing.take_in(proposal=UUID(proposal), at=at)
    with platform_scope():
        answers.note_told(proposal=UUID(proposal), at=at)
    return done
