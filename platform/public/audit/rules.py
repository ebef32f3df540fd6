"""How long months of the logs stay. Pure."""

from collections.abc import Iterable
from datetime import date

BEAT_MONTHS = 6
"""Whole months that beats stay behind the current one: evidence while a void can be appealed; the statutory record is in the ledger."""
EVENT_MONTHS = 36
"""Whole months of who did what (clauses 四.6 and 五.4 ask for 24 and 6); then a month is detached and kept for the archive."""


def months_before(today: date, months: int) -> date:
    """Return the first day of the month that lies ``months`` before that of ``today``."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


def retired(names: Iterable[str], *, today: date, months: int) -> list[date]:
    """Return the months, oldest first, that partitions such as ``audit_beat_202611`` hold and that have stayed long enough."""
    first = months_before(today, months)
    found = [date(int(name[-6:-2]), int(name[-2:]), 1) for name in names if name[-6:].isdecimal()]
    return sorted(month for month in found if month < first)
