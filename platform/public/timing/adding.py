"""Each minute: what the web handed over becomes rows. At night: old rows are folded into days, and go."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from public.timing import counting, rates
from public.timing.models import AddedUp, TimedHour
from public.timing.rules import BOUNDS, Figures

_COMPLETE = 2
"""Minutes back to the last one into which nobody writes any more."""
KEPT, FOLDED = timedelta(days=400), timedelta(days=3)
_BOTH = """
ON CONFLICT (hour, kind, route, site, device) DO UPDATE SET count = t.count + EXCLUDED.count, sampled = t.sampled + EXCLUDED.sampled,
  total_ms = t.total_ms + EXCLUDED.total_ms,
  buckets = ARRAY(SELECT a + b FROM unnest(t.buckets, EXCLUDED.buckets) WITH ORDINALITY AS both_(a, b, n) ORDER BY n)
"""
_ADD = f"""
INSERT INTO timing_timedhour AS t (hour, kind, route, site, device, count, sampled, total_ms, buckets)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) {_BOTH}
"""  # noqa: S608 - made of constants
_SUMS = ", ".join(f"sum(buckets[{n}])::bigint" for n in range(1, len(BOUNDS) + 1))
_FOLD = f"""
WITH gone AS (DELETE FROM timing_timedhour WHERE hour < %s AND hour <> date_trunc('day', hour, 'Asia/Shanghai') RETURNING *)
INSERT INTO timing_timedhour AS t (hour, kind, route, site, device, count, sampled, total_ms, buckets)
SELECT date_trunc('day', hour, 'Asia/Shanghai'), kind, route, site, device, sum(count), sum(sampled), sum(total_ms), ARRAY[{_SUMS}]
FROM gone GROUP BY 1, 2, 3, 4, 5 {_BOTH}
"""  # noqa: S608 - made of constants


def add_up(*, at: datetime) -> int:
    """Add the minutes that are complete to the rows, each once, whoever rings twice; returns how many rows were added to.

    :raises RedisError: Valkey does not answer; the next minute takes all that it has kept
    """
    counting.publish(rates.in_force())
    last = int(at.timestamp()) // 60 - _COMPLETE
    with transaction.atomic():
        AddedUp.objects.bulk_create([AddedUp(id=1, minute=0)], ignore_conflicts=True)
        mark = AddedUp.objects.select_for_update().get(pk=1)
        minutes = range(max(mark.minute + 1, last - counting.KEPT_MINUTES), last + 1)
        found = counting.handed_over(minutes) if minutes else {}
        hours: dict[tuple[datetime, counting.Key], Figures] = {}
        for minute, cells in found.items():
            hour = at.fromtimestamp(minute * 60, tz=at.tzinfo).replace(minute=0, second=0, microsecond=0)
            for key, figures in cells.items():
                hours[hour, key] = hours.get((hour, key), Figures()) + figures
        _write(hours)
        if minutes:
            mark.minute = last
            mark.save()
    return len(hours)


def _write(hours: dict[tuple[datetime, counting.Key], Figures]) -> None:
    rows = [(hour, *key, of.count, of.sampled, of.total_ms, list(of.buckets)) for (hour, key), of in hours.items()]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Fold hours older than three days into their days, delete days older than 400; returns how many rows were deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [at - FOLDED])
    return TimedHour.objects.filter(hour__lt=at - KEPT).delete()[0]
