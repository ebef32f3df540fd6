"""Async code keeps the place of whoever started it: tasks, gathers, threads behind `sync_to_async` and `to_thread`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection, connections

from tenants.accounts.models import Credential
from tenants.scope import enterprise_scope, require, using
from tenants.sites import Site

ROUNDS = 15
WIDTH = 40
"""At most this many at once: each may hold a thread and a connection of its own."""


def marker() -> str | None:
    """Read in a thread that belongs to a pool and may have served another enterprise a moment ago."""
    try:
        return Credential.objects.values_list("name", flat=True).first()
    finally:
        connection.close()


def marker_kept_open() -> str | None:
    return Credential.objects.values_list("name", flat=True).first()


async def by_awaited_query(site: Site) -> str | None:
    return await Credential.objects.values_list("name", flat=True).afirst()


async def by_gather(site: Site) -> str | None:
    one, two = await asyncio.gather(by_awaited_query(site), by_awaited_query(site))
    return one if one == two else f"{one} and {two}"


async def by_task(site: Site) -> str | None:
    task = asyncio.create_task(by_awaited_query(site))
    await asyncio.sleep(0)
    return await task


async def by_free_thread(site: Site) -> str | None:
    return await sync_to_async(marker_kept_open, thread_sensitive=False)()


async def by_to_thread(site: Site) -> str | None:
    return await asyncio.to_thread(marker)


async def by_cache(site: Site) -> str | None:
    await cache.aset("async-marker", site.schema_name)
    await asyncio.sleep(0)
    return cache.get("async-marker")


async def after_visiting_a_neighbour(site: Site) -> str | None:
    with using(None):
        await asyncio.sleep(0)
    return await by_awaited_query(site)


KINDS: list[Callable[[Site], Awaitable[str | None]]] = [
    by_awaited_query,
    by_gather,
    by_task,
    by_free_thread,
    by_to_thread,
    by_cache,
    after_visiting_a_neighbour,
]


async def request(site: Site, kind: Callable[[Site], Awaitable[str | None]], gate: asyncio.Semaphore) -> str:
    async with gate:
        with enterprise_scope(site):
            answer = await kind(site)
            still = require().schema
    return "ok" if answer == still == site.schema_name else f"wrong in {kind.__name__}"


async def all_requests(sites: list[Site]) -> Counter[str]:
    gate = asyncio.Semaphore(WIDTH)
    asked = [request(site, kind, gate) for _ in range(ROUNDS) for site in sites for kind in KINDS]
    found = Counter(await asyncio.gather(*asked))
    await sync_to_async(connections.close_all)()
    return found


@pytest.mark.req("S2")
@pytest.mark.req("R5.7")
def test_async_code_never_reads_another_enterprise(twenty):
    found = asyncio.run(all_requests(twenty))
    assert found == {"ok": ROUNDS * len(twenty) * len(KINDS)}, dict(found)


@pytest.mark.req("S2")
def test_async_code_that_chose_no_place_is_refused():
    async def ask() -> object:
        return await Credential.objects.afirst()

    with using(None), pytest.raises(Exception, match="no enterprise and no platform chosen"):
        asyncio.run(ask())
