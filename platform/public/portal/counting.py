"""Counts the months and years anew from the feed and puts them down; the same day twice comes to the same."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from infra.kit import clock
from public.portal import periods
from public.portal.models import Figures
from public.regulators import api as regulators

_LOCK = 7_207_201
_FIELDS = (
    "on_books", "covered", "people", "effective_ms", "exams", "exams_passed", "certificates", "complaints", "complaints_in_time",
)  # fmt: skip


def count_now(*, at: datetime) -> int:
    """Count the month and the year in which yesterday lay, and those of today where they are others; returns how many rows were put down.

    Months of the trend and the year before that were never counted are made up for, back to the first in which there was nobody.
    """
    today = clock.shanghai_date(at)
    wanted = {*periods.of_day(today - timedelta(days=1)), *periods.of_day(today)}
    done = sum(count_period(period, at=at) for period in sorted(wanted))
    for period in (*periods.last_months(today)[::-1], f"{today.year - 1}"):
        if period not in wanted and not Figures.objects.filter(period=period).exists():
            found = count_period(period, at=at)
            if not found:
                break
            done += found
    return done


@transaction.atomic
def count_period(period: str, *, at: datetime) -> int:
    """Replace the figures of one month or year; returns of how many enterprises.

    :raises ValueError: no such period
    """
    first, last = periods.days_of(period)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    rows = [_row(period, counted, at) for counted in regulators.count(first, min(last, _today(at)))]
    # written over, not away: deleting row by row what comes again costs a statement for each hundred
    once, said = ["period", "schema_name"], [*_FIELDS, "counted_at"]
    Figures.objects.bulk_create(rows, batch_size=1000, update_conflicts=True, unique_fields=once, update_fields=said)
    Figures.objects.filter(period=period).exclude(counted_at=at).delete()
    return len(rows)


def _row(period: str, counted: regulators.Counted, at: datetime) -> Figures:
    said = {name: max(0, getattr(counted, name)) for name in _FIELDS}  # corrections may take more than a short month earned
    return Figures(schema_name=counted.schema_name, period=period, counted_at=at, **said)


def _today(at: datetime) -> date:
    return clock.shanghai_date(at)
