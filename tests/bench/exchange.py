"""1,000 enterprises hand in 100 records each while a loopback authority loses one call in ten and is down for a minute.

Everything is on: rows of the feed in the enterprises' own transactions, the outbox, SM2, SM4, HTTP, receipts, back-off. Half of the calls that break
were received before their answer was lost, so what was sent twice must be told apart by its id.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connections

from infra.adapters.exchange import Carriers
from infra.kit import clock
from infra.kit.exchange.suites import Suite
from public.operators.api import Me
from public.regulators import api as regulators
from public.regulators import tasks
from public.regulators.exchange import partners, pushing, queueing
from public.regulators.exchange.models import Delivery, Partner
from public.regulators.exchange.wanted import Wanted
from public.regulators.models import FeedRecord
from public.regulators.ports import CARRIER
from tenants import sites
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.bench.ground import PREFIX, ensure_enterprises, say
from tests.infra.adapters.authority import Authority, authority

RECORDS, FAILS, DOWN_S, SENDERS, PATIENCE_S = 100, 0.1, 60.0, 2, 900.0
ME = Me(0, "bench", "OPERATIONS")


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``sent``, ``delivered``, ``lost``, ``duplicates``, ``repeated``, ``seconds``.

    Each record is about somebody of its own, so two records of one subject over there are one that was taken for two (``duplicates``);
    ``repeated`` are those that came more than once and were known by their id.
    """
    enterprises = ensure_enterprises(options["enterprises"])
    CARRIER.plug(Carriers(allowed=[], drop_folder="", may_try_here=settings.DEV_TOOLS))
    mark = secrets.token_hex(6)
    with platform_scope():
        rows = list(Enterprise.objects.filter(subdomain__startswith=PREFIX).order_by("pk")[: options["enterprises"]])
        houses = [sites.site_of(row) for row in rows]
        Partner.objects.exclude(state="CLOSED").update(state="CLOSED")
    with authority(Suite.SM, fails=FAILS) as there:
        row = _partner(there)
        began = time.monotonic()
        written = _beside(lambda: _write(houses, mark))
        _deliver(row, there, len(houses) * RECORDS, written, began)
        seconds = time.monotonic() - began
        with platform_scope():
            written_down = dict(FeedRecord.objects.filter(body__bench=mark).values_list("uuid", "subject"))
            accepted = Delivery.objects.filter(partner=row, state="ACCEPTED", record__body__bench=mark).count()
            partners.set_state(uuid=row.uuid, state="CLOSED", me=ME, at=clock.now())
    ids, subjects = {str(one) for one in written_down}, {str(one) for one in written_down.values()}
    arrived = Counter(record["subject"] for record in there.kept.values() if record["subject"] in subjects)
    delivered = len(ids & set(there.kept))
    return {
        "enterprises": enterprises,
        "sent": len(ids),
        "delivered": delivered,
        "lost": len(ids) - min(delivered, accepted),
        "duplicates": arrived.total() - len(arrived),
        "repeated": sum(times > 1 for key, times in there.times.items() if key in ids),
        "calls": there.calls,
        "broken_calls": there.broken,
        "down_seconds": DOWN_S,
        "seconds": round(seconds, 1),
    }


def _partner(there: Authority) -> Partner:
    at = clock.now()
    wanted = Wanted(
        name="bench",
        code=f"BENCH-{secrets.token_hex(4).upper()}",
        division_prefix="33",
        kinds=["SESSION"],
        channel="REST",
        suite=Suite.SM.value,
        since=clock.shanghai_date(at),
        address=f"http://127.0.0.1:{there.port}/exchange/v1",
        their_public=there.public,
    )
    with platform_scope():
        row = partners.open_partner(wanted=wanted, me=ME, at=at)
    there.meets(bytes(row.own_public))
    return row


def _write(houses: list[Any], mark: str) -> None:
    """Hand in, enterprise by enterprise, as its own role."""
    for number, house in enumerate(houses, 1):
        bodies = [(uuid4(), {"bench": mark, "n": n, "effective_ms": 60_000, "name": "学*"}) for n in range(RECORDS)]
        with enterprise_scope(house):
            regulators.submit_many(kind="SESSION", bodies=bodies, at=clock.now())
        if number % 200 == 0:
            say(f"{number}/{len(houses)} enterprises have handed in")


def _deliver(row: Partner, there: Authority, expected: int, written: threading.Thread, began: float) -> None:
    """Number and send beside each other until all is answered; in the middle the authority goes down."""
    done = threading.Event()
    crew = [_beside(lambda: _number(done)), *(_beside(lambda: _send(row.pk, done)) for _ in range(SENDERS))]
    was_down = False
    while time.monotonic() - began < PATIENCE_S:
        time.sleep(0.2)  # a bench looks on; nothing waits for it
        if not was_down and len(there.kept) > expected * 0.3:
            was_down, there.down_until = True, time.monotonic() + DOWN_S
            say(f"{len(there.kept)}/{expected} arrived: down for {DOWN_S:.0f} s")
        if not written.is_alive() and len(there.kept) >= expected and _is_quiet(row):
            break
    done.set()
    for one in crew:
        one.join()


def _is_quiet(row: Partner) -> bool:
    with platform_scope():
        return not Delivery.objects.filter(partner=row).exclude(state="ACCEPTED").exists()


def _number(done: threading.Event) -> None:
    with platform_scope():
        while not done.is_set():
            if not queueing.enqueue():
                done.wait(0.2)


def _send(partner_id: int, done: threading.Event) -> None:
    with platform_scope():
        while not done.is_set():
            if partner_id in pushing.due(at=clock.now()):
                tasks.push(partner_id)
            else:
                done.wait(0.1)


def _beside(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
