"""How fast the auditor finds something among ten million events. Budget: every search below 1 s.

Each question is what the auditor's page asks: one page of 50 and a count that stops at 10,000. In the same run a plain ``count(*)`` with the
same words says what the database needs without our way of asking. Filling takes minutes; what was filled is kept for the next run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.audit import sealing
from tenants.database.provision import owner_connection
from tenants.scope import platform_scope
from tests.bench.ground import percentile, say

MONTHS, STEP, ROUNDS = 6, 250_000, 5
_MONTH = "SELECT public.audit_make_partition('audit_event', (date_trunc('month', now()) - %s * interval '1 month')::date)"
_FILL = """
INSERT INTO public.audit_event (uuid, schema_name, at, actor, action, target, ip, result, trace, direction, details)
SELECT gen_random_uuid(),
  CASE WHEN n %% 50 = 0 THEN 'public' ELSE 'e_' || lpad(to_hex(n %% 10000), 12, '0') END,
  now() - interval '165 days' * (1 - (n - %s) / %s::float),
  CASE WHEN n %% 50 = 0 THEN 'operator:' || n %% 40 ELSE 'manager:' || n %% 30000 END,
  (ARRAY['people.exported','plans.opened','learning.voided','exams.regraded','identity.decided','file.sent','desk.signed_in',
         'access.refused','certificates.revoked','people.changed'])[1 + (n / 7) %% 10],
  'plan:' || n %% 200000,
  ('10.' || n %% 200 || '.' || (n / 200) %% 250 || '.' || (n / 50000) %% 250)::inet,
  CASE WHEN n %% 97 = 0 THEN 'REFUSED' ELSE 'DONE' END,
  md5((n / 3)::text),
  CASE WHEN (n / 7) %% 10 = 5 THEN 'OUT' ELSE '' END,
  jsonb_build_object('count', n %% 100, 'reason', '例行检查')
FROM generate_series(%s::bigint, %s::bigint) n
"""
_SEALED_TURNS = 5


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``events``, ``p95_ms``, ``worst_ms`` of all questions, the worst of each kind, and how fast events are written and sealed."""
    events = _fill(options["events"])
    with platform_scope():
        took = _ask()
    every = [ms for times in took.values() for ms in times]
    return {
        "events": events,
        "p50_ms": percentile(every, 0.5),
        "p95_ms": percentile(every, 0.95),
        "worst_ms": round(max(every), 1),
        "worst_ms_by_kind": {kind: round(max(times), 1) for kind, times in took.items()},
        **_written_and_sealed(),
    }


def _fill(wanted: int) -> int:
    """Write events in the order of their time, as they come, over 165 days; return how many there are."""
    with owner_connection() as db:
        for month in range(MONTHS + 1):
            db.execute(_MONTH, [month])
        there = int(db.execute("SELECT count(*) FROM public.audit_event").fetchone()[0])  # type: ignore[index]
        first, missing = there + 1, max(1, wanted - there)
        while there < wanted:
            upto = min(wanted, there + STEP)
            db.execute(_FILL, [first, missing, there + 1, upto])
            there = upto
            say(f"{there:,} of {wanted:,} events")
        db.execute("VACUUM ANALYZE public.audit_event")
    return there


def _ask() -> dict[str, list[float]]:
    now = clock.now()
    week, half = now - timedelta(days=7), now - timedelta(days=170)
    rows = audit.search(audit.Wanted(since=week), counted=False).rows
    some = next(row for row in rows if row.schema_name != "public")
    house = some.schema_name
    wanted = {
        "newest": audit.Wanted(since=week),
        "half a year": audit.Wanted(since=half),
        "one enterprise": audit.Wanted(since=half, schema=house),
        "one person": audit.Wanted(since=half, actors=(some.actor,)),
        "one object": audit.Wanted(since=half, target=some.target),
        "one address": audit.Wanted(since=half, ip=some.ip or ""),
        "one request": audit.Wanted(since=half, trace=some.trace),
        "one action": audit.Wanted(since=half, action="certificates.revoked"),
        "one room": audit.Wanted(since=half, action="people."),
        "refused": audit.Wanted(since=half, result="REFUSED"),
        "refused of an enterprise": audit.Wanted(since=half, result="REFUSED", schema=house),
        "room of an enterprise": audit.Wanted(since=half, action="people.", schema=house),
        "room of the platform": audit.Wanted(since=half, action="desk.", schema="public"),
        "exchanges of the platform": audit.Wanted(since=half, direction="OUT", schema="public"),
        "refused of the platform": audit.Wanted(since=half, result="REFUSED", schema="public"),
        "exchanges": audit.Wanted(since=half, direction="ANY"),
        "what nobody did": audit.Wanted(since=half, action="nobody."),
        "action of a person that never was": audit.Wanted(since=half, action="people.", actors=("operator:999999",)),
    }
    return {kind: [_timed(lambda one=one: audit.search(one)) for _ in range(ROUNDS)] for kind, one in wanted.items()}  # type: ignore[misc]


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    try:
        ask()
    except DomainError:
        return 9_999.0
    return (time.perf_counter() - began) * 1000


def _written_and_sealed() -> dict[str, float]:
    count, now = 5_000, clock.now()
    with platform_scope():
        began = time.perf_counter()
        for n in range(count):
            audit.record("bench.written", actor="operator:1", target=f"case:{n}", at=now)
        written = time.perf_counter() - began
    with platform_scope():
        began = time.perf_counter()
        sealed = sum(sealing.seal_some(at=clock.now()) for _ in range(_SEALED_TURNS))
        took = time.perf_counter() - began
    return {"written_per_s": round(count / written), "sealed": sealed, "sealed_per_s": round(sealed / max(took, 0.001))}
