"""Doorbells of imports."""

from uuid import UUID

from celery import shared_task

from apps.exams.bank import working
from infra.kit import clock
from tenants.api import each_enterprise


@shared_task(name="exams.import_questions")
def import_questions(job: str) -> str:
    """Read or write one large import; returns the state it came to. Safe to ring twice."""
    return working.run(UUID(job), at=clock.now())


@shared_task(name="exams.revive_imports")
def revive_imports() -> int:
    """Ring again for imports that were cut off, in every enterprise. Runs on the platform."""
    return sum(working.go_on(at=clock.now()) for _site in each_enterprise())
