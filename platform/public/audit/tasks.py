"""Doorbells of the logs."""

from datetime import date, timedelta

from celery import shared_task
from django.conf import settings
from django.db import connections

from infra.kit import clock
from public.audit import rules, sealing

AHEAD_MONTHS = 2
LOCK_WAIT = "3s"
"""Detaching a month waits for beats on their way, and they for it; what does not get through now gets its turn tomorrow."""

_MAKE = """
SELECT public.audit_make_partition(t, (date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + m * interval '1 month')::date)
FROM unnest(ARRAY['audit_event', 'audit_beat']) t, generate_series(0, %s) m
"""
_MONTHS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"
_TERM = "SELECT public.retention_months(%s, %s)"
_KEPT = (("audit_beat", "BEATS", True), ("audit_event", "EVENTS", False))
"""Table, kind of its period (`public.retention`), whether a retired month is dropped."""


@shared_task(name="audit.make_partitions")
def make_partitions() -> None:
    """Keep partitions ready for this month and the next two; only where the owner's URL is known."""
    if "owner" not in settings.DATABASES:
        return
    with connections["owner"].cursor() as cursor:
        cursor.execute(_MAKE, [AHEAD_MONTHS])


@shared_task(name="audit.retire_partitions")
def retire_partitions() -> int:
    """Retire the months that have stayed long enough; return how many. Only where the owner's URL is known."""
    return retire(today=clock.shanghai_date(clock.now())) if "owner" in settings.DATABASES else 0


@shared_task(name="audit.seal")
def seal() -> int:
    """Seal the newest events; returns how many."""
    return sealing.seal(at=clock.now())


@shared_task(name="audit.verify")
def verify(*, everything: bool = False) -> int:
    """Compare the last two days of the log, or all of it, with its heads outside the database; returns how many problems were found."""
    at = clock.now()
    return sealing.verify_and_note(since=None if everything else at - timedelta(days=2), at=at)


def retire(*, today: date) -> int:
    """Detach old months, each in a transaction of its own, and drop those of beats; a second call finds nothing left.

    How long a month stays is a dated row of law. One that an enterprise has not packed yet, or holds back, stays until it has.
    """
    done = 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
        for table, kind, and_drop in _KEPT:
            cursor.execute(_TERM, [kind, today])
            months = cursor.fetchone()[0]
            if months is None:  # no law holds on that day: nothing goes
                continue
            cursor.execute(_MONTHS, [f"public.{table}"])
            for month in rules.retired([str(row[0]) for row in cursor.fetchall()], today=today, months=months):
                cursor.execute("SELECT public.audit_retire_partition(%s, %s, %s)", [table, month, and_drop])
                done += bool(cursor.fetchone()[0])
    return done
