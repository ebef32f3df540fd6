"""Doorbells of the catalogue."""

from datetime import timedelta

from celery import shared_task
from celery.signals import worker_ready

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
def revive_media(*, at_once: bool = False) -> None:
    """Take up jobs whose worker died.

    :param at_once: also those that spoke a moment ago; one that is still under way holds its lock and goes on
    """
    silent = timedelta(0) if at_once else media_making.SILENT
    media_making.revive(at=clock.now(), ring=ring_for_media, silent=silent)


@worker_ready.connect
def take_up_what_the_last_worker_left(**_news: object) -> None:
    """Ask for it as soon as a worker is there: after a restart nobody waits five minutes for a film to go on."""
    revive_media.apply_async(kwargs={"at_once": True}, **on_platform())
