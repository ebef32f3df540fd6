"""Doorbells of the review."""

from celery import shared_task

from infra.kit import clock
from public.review.services import rereviews


@shared_task(name="review.open_due_rereviews")
def open_due_rereviews() -> int:
    """Open the re-reviews that fall due within the policy's days; ringing twice opens none twice."""
    return len(rereviews.open_due(at=clock.now()))
