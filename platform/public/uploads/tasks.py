"""Doorbells of uploads."""

from uuid import UUID

from celery import Task, shared_task

from infra.kit import clock
from public.uploads import checking


@shared_task(name="uploads.check", acks_late=True, bind=True, max_retries=5)
def check_upload(self: "Task[[str], None]", *, upload: str) -> None:
    """Check one whole file; safe to ring twice. A scanner that does not answer is asked again, later each time."""
    try:
        checking.check(upload=UUID(upload), at=clock.now())
    except OSError as problem:
        raise self.retry(exc=problem, countdown=30 * 2**self.request.retries) from problem


@shared_task(name="uploads.sweep")
def sweep() -> None:
    """Clear away what was abandoned."""
    checking.sweep(at=clock.now())
