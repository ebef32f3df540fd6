"""The day's figures of each enterprise that did anything, counted from the feed alone: no enterprise's schema is opened."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from infra.kit import clock
from public.regulators.models import FeedRecord
from tenants.models import Enterprise

_LOCK = 7_203_067
# Corrections and proofs are told beside sittings; `effective_ms` adds up over all of them (apps/learning/sealed.py).
_COUNT = """
SELECT schema_name,
  count(DISTINCT subject) FILTER (WHERE kind IN ('SESSION', 'EXAM', 'CERTIFICATE')),
  count(*) FILTER (WHERE kind = 'SESSION' AND NOT body ? 'event'),
  coalesce(sum((body ->> 'effective_ms')::numeric) FILTER
    (WHERE kind = 'SESSION' AND jsonb_typeof(body -> 'effective_ms') = 'number'), 0)::bigint,
  count(*) FILTER (WHERE kind = 'EXAM' AND NOT body ? 'event'),
  count(*) FILTER (WHERE kind = 'EXAM' AND NOT body ? 'event' AND body -> 'passed' = 'true'),
  count(*) FILTER (WHERE kind = 'CERTIFICATE' AND NOT body ? 'event'),
  count(DISTINCT subject) FILTER (WHERE kind = 'COMPLAINT')
FROM regulators_feedrecord WHERE day = %s AND kind NOT IN ('DAILY', 'ENTERPRISE') GROUP BY schema_name ORDER BY schema_name
"""
_NAMES = ("learners", "sessions", "effective_ms", "exams", "exams_passed", "certificates", "complaints")


@transaction.atomic
def count_day(day: date, *, at: datetime) -> int:
    """Add one ``DAILY`` record for each enterprise with records on a day that is over; return how many. Repeating adds none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_COUNT, [day])
        counted = cursor.fetchall()
    known = set(FeedRecord.objects.filter(day=day, kind=FeedRecord.Kind.DAILY).values_list("schema_name", flat=True))
    uuids = dict(Enterprise.objects.filter(schema_name__in=[row[0] for row in counted]).values_list("schema_name", "uuid"))
    moment = clock.shanghai_day(day)[1] - timedelta(seconds=1)
    rows = [
        FeedRecord(
            schema_name=schema, kind=FeedRecord.Kind.DAILY, subject=uuids[schema], body=_body(day, values), day=day, at=moment
        )
        for schema, *values in counted
        if schema not in known and schema in uuids
    ]
    FeedRecord.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _body(day: date, values: list[int]) -> dict[str, Any]:
    return {"day": day.isoformat(), **dict(zip(_NAMES, values, strict=True))}
