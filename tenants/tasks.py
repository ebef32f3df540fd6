"""Doorbells of this floor."""

from celery import shared_task
from django.conf import settings

from infra.kit import clock
from tenants import pool
from tenants.keys import rotation


@shared_task(name="tenants.tasks.fill_pool")
def fill_pool() -> int:
    """Keep enough warm schemas for the next sign-ups; only where the owner's URL is known."""
    return pool.fill(settings.SCHEMA_POOL_TARGET) if "owner" in settings.DATABASES else 0


@shared_task(name="tenants.tasks.rotate_keys")
def rotate_keys() -> int:
    """Work off rotations of data keys that nobody works on, one after another; returns how many were moved on. Safe to ring at any time."""
    moved = 0
    while job := rotation.take(at=clock.now()):
        rotation.work_off(job)
        moved += 1
    return moved
