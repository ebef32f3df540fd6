"""A partner with a running authority behind it, records on their way, and a day that no other test writes to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from infra.adapters.exchange import Carriers
from infra.kit.exchange.suites import Suite
from public.operators.api import Me
from public.regulators import api as regulators
from public.regulators.exchange import partners, pushing, queueing
from public.regulators.exchange.models import Delivery, Partner
from public.regulators.exchange.wanted import Wanted
from public.regulators.ports import CARRIER
from tenants.scope import enterprise_scope
from tests.infra.adapters.authority import Authority, authority

AT = datetime(2031, 1, 6, 4, 0, tzinfo=UTC)
DAY = date(2031, 1, 6)
ME = Me(1, "运营甲", "OPERATIONS")
FOUR = ["LEARNER", "SESSION", "EXAM", "CERTIFICATE"]
SECRET = "shared secret of 24 byte"


def submit(
    site: Any, *, n: int = 1, kind: str = "SESSION", at: datetime = AT, subject: uuid.UUID | None = None, **body: Any
) -> None:
    """Add records as an enterprise does."""
    said = {"name": "学*", "masked_id": "330106********0014", "course": {"title": "机械伤害预防"}, "effective_ms": 60_000, **body}
    with enterprise_scope(site):
        for _ in range(n):
            regulators.submit(kind=kind, subject=subject or uuid.uuid4(), body=said, at=at)


def wanted(**more: Any) -> Wanted:
    """A partner for Hangzhou that comes and fetches, unless said otherwise."""
    values: dict[str, Any] = {
        "name": "杭州市应急管理局监管平台",
        "code": "HZ-AQPX",
        "division_prefix": "3301",
        "kinds": FOUR,
        "channel": "PULL",
        "suite": "HMAC-SM3",
        "since": DAY,
        "secret": SECRET,
    }
    return Wanted(**{**values, **more})


def open_partner(at: datetime = AT, **more: Any) -> Partner:
    """Open one."""
    return partners.open_partner(wanted=wanted(**more), me=ME, at=at)


@contextmanager
def joined(
    channel: str = "REST", *, suite: Suite = Suite.SHARED, at: datetime = AT, there: Any = None, **more: Any
) -> Iterator[tuple[Partner, Authority]]:
    """A partner whose authority runs on this machine; the carriers may call it until the block ends."""
    former = CARRIER.get()
    CARRIER.plug(Carriers(allowed=[], drop_folder="", may_try_here=True, timeout_s=0.5))
    try:
        with authority(suite, **(there or {})) as system:
            path = "/soap" if channel == "SOAP" else "/exchange/v1"
            where = {"channel": channel, "suite": suite.value, "address": f"http://127.0.0.1:{system.port}{path}"}
            row = open_partner(at=at, **{**where, "their_public": system.public, **more})
            system.meets(bytes(row.own_public), shared=SECRET.encode())
            yield row, system
    finally:
        CARRIER.plug(former)


def pump(row: Partner, *, at: datetime = AT, turns: int = 50) -> int:
    """Number what is new and send until nothing is left or nothing goes; return how many calls were made."""
    while queueing.enqueue():
        pass
    calls = 0
    while calls < turns and pushing.push_one(row.pk, at=at):
        calls += 1
    return calls


def states(row: Partner) -> dict[str, int]:
    """How many deliveries are in which state."""
    found: dict[str, int] = {}
    for state in Delivery.objects.filter(partner=row).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def later(**span: float) -> datetime:
    """A moment after ``AT``."""
    return AT + timedelta(**span)
