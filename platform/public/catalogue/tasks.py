"""Doorbells of the catalogue."""

from celery import shared_task

from infra.kit import clock
from public.catalogue import media_making
from tenants.headers import on_platform


@shared_task(name="catalogue.make_media", acks_late=True)
def make_media(*, media_id: int) -> None:
    """Make one asset; safe to ring twice."""
    media_making.make(media_id, now=clock.now)


def ring_for_media(media_id: int) -> None:
    """Send the task; the platform's, whoever asks."""
    make_media.apply_async(kwargs={"media_id": media_id}, **on_platform())


@shared_task(name="catalogue.revive_media")
def revive_media() -> None:
    """Take up jobs whose worker died."""
    media_making.revive(at=clock.now(), ring=ring_for_media)
