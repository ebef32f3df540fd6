"""Doorbells of the register."""

from celery import shared_task

from infra.kit import clock
from public.rights import expiry


@shared_task(name="rights.watch_terms")
def watch_terms() -> None:
    """Call terms to mind that end soon, and retire versions whose rights are over; may ring as often as it likes."""
    at = clock.now()
    expiry.retire_expired(at=at)
    expiry.alert_soon(at=at)
