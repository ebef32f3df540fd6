"""Doorbells of papers."""

from celery import shared_task

from apps.exams.papers import watching
from infra.kit import clock
from tenants.api import everywhere


@shared_task(name="exams.tell_impossible_papers")
def tell_impossible_papers() -> int:
    """Tell managers of exams that cannot be drawn any more; returns how many. Runs on the platform, asleep enterprises are left alone."""
    return everywhere(lambda: watching.tell_impossible(at=clock.now()))
