"""Doorbells of people."""

from uuid import UUID

from celery import shared_task

from apps.people.roster import importing
from infra.kit import clock


@shared_task(name="apps.people.tasks.import_roster")
def import_roster(job_uuid: str) -> str:
    """Bring one uploaded list in; returns the state it ended in."""
    return importing.run(UUID(job_uuid), at=clock.now()).state
