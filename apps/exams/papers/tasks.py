"""Doorbells of papers."""

from celery import shared_task

from apps.exams.papers import watching
from infra.kit import clock
from tenants.api import each_enterprise


@shared_task(name="exams.tell_impossible_papers")
def tell_impossible_papers() -> int:
    """Tell managers of exams that cannot be drawn any more; returns how many. Runs on the platform, asleep enterprises are left alone."""
    return sum(watching.tell_impossible(at=clock.now()) for _site in each_enterprise())
