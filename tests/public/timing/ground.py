"""Waits, made: counted as the web counts them and added up as the worker does."""

from __future__ import annotations

from datetime import datetime, timedelta

from public.timing import adding
from public.timing.counting import Key, Timer, key_of
from public.timing.models import AddedUp, Device, Kind, Site
from tenants import valkey


def waits(
    route: str,
    ms: list[int],
    *,
    at: datetime,
    kind: str = Kind.LOADED,
    site: str = Site.ENTERPRISE,
    device: str = Device.DESKTOP,
    stands_for: int = 1,
) -> None:
    """Write these waits to the hour of ``at``, in any order of hours."""
    timer = Timer()
    for one in ms:
        timer.add(Key(kind, route, site, device), one, stands_for=stands_for)
    timer.flush(now=at.timestamp())
    AddedUp.objects.all().delete()
    adding.add_up(at=at + timedelta(minutes=2))
    AddedUp.objects.all().delete()
    valkey.client().delete(key_of(int(at.timestamp()) // 60))


def views(route: str, count: int, *, at: datetime, site: str = Site.ENTERPRISE, device: str = Device.DESKTOP) -> None:
    """Write that a page was opened so often."""
    waits(route, [0] * count, at=at, kind=Kind.VIEW, site=site, device=device)
