"""Doorbells of the statistics."""

from celery import shared_task

from apps.exams.statistics import counting
from infra.kit import clock
from tenants.api import everywhere


@shared_task(name="exams.count_here")
def count_here(plan: int | None = None) -> int:
    """Count what is not counted yet, and look for pairs anew in one plan, or in those that changed; returns how many tries were counted."""
    return counting.count(plan_id=plan, at=clock.now())


@shared_task(name="exams.count_everywhere")
def count_everywhere() -> int:
    """The same in every enterprise. Runs on the platform."""
    return everywhere(lambda: counting.count(at=clock.now()))
