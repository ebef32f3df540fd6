"""One measured minute: written down, held against the design load, and told where it is too much."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection, transaction

from public.load import design, rules, telling
from public.load.measuring import Read, read_all
from public.load.models import LoadNow, LoadWarning

_HOUR = """
INSERT INTO load_loadhour AS t (meter, hour, minutes, total, peak, peak_at) VALUES (%s, date_trunc('hour', %s::timestamptz), 1, %s, %s, %s)
ON CONFLICT (meter, hour) DO UPDATE SET minutes = t.minutes + 1, total = t.total + EXCLUDED.total, peak = greatest(t.peak, EXCLUDED.peak),
  peak_at = CASE WHEN EXCLUDED.peak > t.peak THEN EXCLUDED.peak_at ELSE t.peak_at END
"""


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def measure(*, at: datetime, reads: Mapping[str, Read] | None = None) -> int:
    """Read all meters and write the minute down; returns how many warnings are open. The same minute is judged once, whoever rings twice."""
    chosen = design.in_force()
    for meter, found in (read_all(at=at) if reads is None else reads).items():
        _minute(meter, found, design.of(meter, capacity=found.capacity, chosen=chosen), at)
    return LoadNow.objects.exclude(level="").count()


@transaction.atomic
def _minute(meter: str, found: Read, designed: float, at: datetime) -> None:
    minute = at.replace(second=0, microsecond=0)
    LoadNow.objects.bulk_create([LoadNow(meter=meter, value=found.value, design=designed, at=_NEVER)], ignore_conflicts=True)
    now = LoadNow.objects.select_for_update().get(pk=meter)
    if now.at >= minute:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HOUR, [meter, minute, found.value, found.value, minute])
    before = now.level
    done = rules.step(rules.Standing(now.above, now.below, before), rules.share(found.value, designed))
    now.value, now.design, now.at = found.value, designed, minute
    now.above, now.below, now.level = done.standing.above, done.standing.below, done.standing.level
    episode = now.episode or uuid.uuid4()
    now.episode = episode if now.level else None
    now.save()
    if not done.told:
        return
    level = now.level or before
    LoadWarning.objects.create(
        episode=episode, meter=meter, stage=done.told, level=level, value=found.value, design=designed, at=at
    )
    if done.told in {"BEGAN", "WORSE"}:
        telling.tell(episode=episode, meter=meter, level=level, value=found.value, designed=designed, at=at)
