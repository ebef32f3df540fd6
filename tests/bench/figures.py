"""How long the night's counting takes, and how fast authorities then read: 100 records of the running year for each enterprise.

Figures open no enterprise's schema, so the enterprises of this bench are rows without one; they and their records go again at the end. In the
same run a plain ``count(*)`` over the year says what the database needs to read the rows at all. Queries of a night grow by one insert for
a thousand enterprises, those of pages do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from infra.kit import clock
from public.portal import counting, periods, statistics
from public.portal.models import Figures
from tenants.database.provision import owner_connection
from tenants.scope import platform_scope
from tests.bench.ground import percentile, say

RECORDS, ROUNDS, STEP = 100, 5, 1_000
_ENTERPRISES = """
INSERT INTO public.tenants_enterprise (schema_name, uuid, name, uscc, subdomain, subdomain_skeleton, industry_code, hazard, division_code,
  status, status_reason, created_at)
SELECT 'bench_figures_' || n, gen_random_uuid(), '统计试验企业 ' || n, 'BENCH' || lpad(n::text, 13, '0'), 'bench-figures-' || n,
  'bench-figures-' || n, 'C34', 'GENERAL', (ARRAY['330106','330110','330203','330282','330304','330402'])[1 + n %% 6], 'ACTIVE', '', now()
FROM generate_series(1, %s::bigint) n
"""
# Twenty people on the books, five of them told twice and one archived; sixty sittings as long as real ones, ten exams, four proofs, a complaint.
_RECORDS = """
INSERT INTO public.regulators_feedrecord (uuid, schema_name, kind, subject, body, day, at)
SELECT gen_random_uuid(), 'bench_figures_' || n,
  CASE WHEN r < 25 THEN 'LEARNER' WHEN r < 85 THEN 'SESSION' WHEN r < 95 THEN 'EXAM' WHEN r < 99 THEN 'CERTIFICATE' ELSE 'COMPLAINT' END,
  md5(n || '/' || CASE WHEN r = 99 THEN 'c' ELSE (r %% 20)::text END)::uuid,
  CASE WHEN r < 25 THEN jsonb_build_object('name', '学**', 'status', CASE WHEN r = 24 THEN 'ARCHIVED' ELSE 'ACTIVE' END)
    WHEN r < 85 THEN jsonb_build_object('effective_ms', 2700000, 'duration_ms', 2900000, 'checks', jsonb_build_array(repeat('a', 900)))
    WHEN r < 95 THEN jsonb_build_object('attempt', md5(n || '-' || r), 'passed', r %% 3 > 0, 'score', 80)
    WHEN r < 99 THEN jsonb_build_object('number', 'B-' || n || '-' || r)
    ELSE jsonb_build_object('promised_at', now(), 'decided_at', now() - interval '1 day') END,
  d, d + time '04:00'
FROM generate_series(%s::bigint, %s::bigint) n, generate_series(0, 99) r,
  LATERAL (SELECT %s::date + ((n * 37 + r * 11) %% %s)::int AS d) days
"""
_TIDY = (
    "ALTER TABLE public.regulators_feedrecord DISABLE TRIGGER only_grows",
    "DELETE FROM public.regulators_feedrecord WHERE schema_name LIKE 'bench\\_figures\\_%'",
    "ALTER TABLE public.regulators_feedrecord ENABLE ALWAYS TRIGGER only_grows",
    "DELETE FROM public.tenants_enterprise WHERE schema_name LIKE 'bench\\_figures\\_%'",
    "DELETE FROM public.portal_figures",
    "VACUUM ANALYZE public.regulators_feedrecord",
)


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return seconds and queries of a night's counting, of its first night, of one month and the year, and how fast the pages' reads are."""
    at = clock.now()
    wanted, today = options["enterprises"], clock.shanghai_date(at)
    _tidy()
    try:
        _fill(wanted, today)
        with platform_scope():
            return {"enterprises": wanted, "records": wanted * RECORDS, **_counted(at, today), **_read(today)}
    finally:
        _tidy()


def _fill(wanted: int, today: date) -> None:
    first = date(today.year, 1, 1)
    days = (today - first).days + 1
    with owner_connection() as db:
        db.execute(_ENTERPRISES, [wanted])
        for start in range(1, wanted + 1, STEP):
            upto = min(wanted, start + STEP - 1)
            db.execute(_RECORDS, [start, upto, first, days])
            say(f"{upto:,} of {wanted:,} enterprises have handed in")
        for table in ("regulators_feedrecord", "tenants_enterprise"):
            db.execute(f"VACUUM ANALYZE public.{table}")


def _tidy() -> None:
    with owner_connection() as db:
        for statement in _TIDY:
            db.execute(statement)


def _counted(at: datetime, today: date) -> dict[str, Any]:
    first, queries_of_first = _timed(lambda: counting.count_now(at=at))
    night, queries_of_night = _timed(lambda: counting.count_now(at=at + timedelta(minutes=1)))
    month, _queries = _timed(lambda: counting.count_period(periods.of_day(today)[0], at=at))
    year, _queries = _timed(lambda: counting.count_period(f"{today.year}", at=at))
    plain, _queries = _timed(lambda: _plain(today))
    with owner_connection() as db:
        db.execute("VACUUM ANALYZE public.portal_figures")
    return {
        "first_night_seconds": round(first, 2),
        "first_night_queries": queries_of_first,
        "night_seconds": round(night, 2),
        "night_queries": queries_of_night,
        "month_seconds": round(month, 2),
        "year_seconds": round(year, 2),
        "plain_scan_seconds": round(plain, 2),
        "figures": Figures.objects.count(),
    }


def _plain(today: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(body) FROM regulators_feedrecord WHERE day >= %s", [date(today.year, 1, 1)])


def _read(today: date) -> dict[str, Any]:
    period, prefix = f"{today.year}", "33"
    asked: dict[str, Callable[[], object]] = {
        "overview": lambda: (
            statistics.totals(prefix, period=period),
            statistics.areas(prefix, period=period),
            statistics.trend(prefix, today=today),
        ),
        "by_name": lambda: _page(prefix, period),
        "by_coverage": lambda: _page(prefix, period, sort="-coverage"),
        "idle": lambda: _page(prefix, period, show="idle"),
    }
    found: dict[str, Any] = {}
    for name, ask in asked.items():
        took = [_timed(ask) for _turn in range(ROUNDS)]
        found[f"{name}_p95_ms"] = percentile([seconds * 1000 for seconds, _queries in took], 0.95)
        found[f"{name}_queries"] = took[-1][1]
    return found


def _page(prefix: str, period: str, **asked: str) -> object:
    return statistics.page(statistics.enterprises(prefix, period=period, **asked), period=period, number="1")


def _timed(ask: Callable[[], object]) -> tuple[float, int]:
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as seen:
        ask()
    return time.perf_counter() - began, len(seen)
