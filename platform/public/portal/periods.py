"""Months and years as the portal names them: ``2026-11``, ``2026``. Pure."""

import calendar
import re
from datetime import date, timedelta

_PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")
MONTHS = 12
"""How many months a trend shows."""


def read(text: str, *, today: date) -> str:
    """Return the period somebody asked for, or this year's."""
    return text if _PERIOD.fullmatch(text) else f"{today.year}"


def days_of(period: str) -> tuple[date, date]:
    """Return the first and the last day of a period.

    :raises ValueError: it is none
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"no period: {period}")
    year, month = int(found[1]), int(found[2] or 0)
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def of_day(day: date) -> tuple[str, str]:
    """Return the month and the year of a day."""
    return f"{day:%Y-%m}", f"{day:%Y}"


def last_months(today: date) -> list[str]:
    """Return the twelve months that end with this one, the oldest first."""
    found, day = [], today.replace(day=1)
    for _turn in range(MONTHS):
        found.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return found[::-1]


def choices(today: date) -> list[str]:
    """Return what may be chosen: this year and the one before, then the last twelve months, newest first."""
    return [f"{today.year}", f"{today.year - 1}", *last_months(today)[::-1]]
