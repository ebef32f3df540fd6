"""Doorbells of the catalogue."""

from celery import shared_task

from infra.kit import clock
from public.catalogue import media


@shared_task(name="catalogue.make_media", acks_late=True)
def make_media(*, media_id: int) -> None:
    """Make one film; safe to ring twice."""
    media.make(media_id, now=clock.now)
