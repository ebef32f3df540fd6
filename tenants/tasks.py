"""Doorbells of this floor."""

import logging
import time

from celery import shared_task
from django.conf import settings

from infra.kit import clock
from tenants import pool
from tenants.keys import rotation

log = logging.getLogger("anxue.keys")
_TURN_S = 45.0


@shared_task(name="tenants.tasks.fill_pool")
def fill_pool() -> int:
    """Keep enough warm schemas for the next sign-ups; only where the owner's URL is known."""
    return pool.fill(settings.SCHEMA_POOL_TARGET) if "owner" in settings.DATABASES else 0


@shared_task(name="tenants.tasks.rotate_keys")
def rotate_keys() -> int:
    """Work off rotations of data keys that nobody works on, for less than a minute; returns how many were moved on. Safe to ring at any time.

    The schedule rings each minute: a rotation of everything takes hours and must not keep a worker from all else.
    """
    moved, end = 0, time.monotonic() + _TURN_S
    while time.monotonic() < end and (job := rotation.take(at=clock.now())):
        try:
            rotation.work_off(job, stop=lambda: time.monotonic() > end)
        except Exception:  # whatever is wrong with one enterprise's keys, the others get theirs
            log.exception("the rotation of %s broke off and is taken up again later", job.schema_name)
        else:
            moved += 1
    return moved
