"""Doorbells of status."""

from celery import shared_task

from infra.kit import clock
from public.site.status import probing
from tenants.ringing import ring


@shared_task(name="site.probe")
def probe() -> int:
    """Try every component and write the minute down; returns how many failed. Rings the bell that the next round asks about."""
    found = probing.round_of_all(at=clock.now())
    ring(hear)
    return sum(not one.ok for one in found)


@shared_task(name="site.hear")
def hear() -> None:
    """Say that a worker is there."""
    probing.heard(at=clock.now())
