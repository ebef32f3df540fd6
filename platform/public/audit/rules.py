"""How long months of the logs stay. Pure."""

from collections.abc import Iterable
from datetime import date


def months_before(today: date, months: int) -> date:
    """Return the first day of the month that lies ``months`` before that of ``today``."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


def retired(names: Iterable[str], *, today: date, months: int) -> list[date]:
    """Return the months, oldest first, that partitions such as ``audit_beat_202611`` hold and that have stayed long enough."""
    first = months_before(today, months)
    found = [date(int(name[-6:-2]), int(name[-2:]), 1) for name in names if name[-6:].isdecimal()]
    return sorted(month for month in found if month < first)
