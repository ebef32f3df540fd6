"""Doorbells of seals."""

from celery import shared_task

from infra.kit import clock
from public.seals import services


@shared_task(name="seals.settle")
def settle(*, everything: bool = False) -> int:
    """Order new heads in the log of heads and copy them out of the database; returns how many copies were written."""
    return services.settle(at=clock.now(), everything=everything)
