"""Working days of the mainland: weekends and holidays off, moved days (调休) on. One calendar for every time that we promise.

Days are those of Zhejiang (`clock.SHANGHAI`). In a year whose holidays are not announced yet, every Monday to Friday counts.
"""

from datetime import date, datetime, time, timedelta

import chinese_calendar

from infra.kit import clock

DAY_BEGINS, DAY_ENDS = time(9), time(18)
"""Office hours of a working day."""
_ONE_DAY = timedelta(days=1)


def is_known(day: date) -> bool:
    """Whether the State Council's holidays of that year are in the calendar that is installed."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_working(day: date) -> bool:
    """Whether people work that day; in a year whose holidays are not announced yet, every Monday to Friday."""
    return bool(chinese_calendar.is_workday(day)) if is_known(day) else day.weekday() < 5


def after(at: datetime, days: int) -> datetime:
    """Return 18:00 in Zhejiang of the ``days``-th working day after the day of ``at``."""
    day = clock.shanghai_date(at)
    while days > 0:
        day += _ONE_DAY
        days -= is_working(day)
    return datetime.combine(day, DAY_ENDS, tzinfo=clock.SHANGHAI)


def shifted(at: datetime, days: int) -> datetime:
    """Return the same time of day, ``days`` working days later; with 0 ``at`` itself."""
    local = at.astimezone(clock.SHANGHAI)
    return datetime.combine(clock.shanghai_date(after(at, days)), local.timetz()) if days > 0 else at


def between(start: datetime, end: datetime) -> int:
    """Return how many working days begin after ``start`` and not after ``end``; 0 within one day, or backwards."""
    day, last, found = clock.shanghai_date(start), clock.shanghai_date(end), 0
    while day < last:
        day += _ONE_DAY
        found += is_working(day)
    return found


def span(start: datetime, end: datetime) -> timedelta:
    """Return how much of [start, end) lies in working days, whole days from midnight to midnight; never negative."""
    found, day = timedelta(0), clock.shanghai_date(start)
    while clock.shanghai_midnight(day) < end:
        if is_working(day):
            opens, closes = clock.shanghai_day(day)
            found += max(timedelta(0), min(closes, end) - max(opens, start))
        day += _ONE_DAY
    return found


def in_office(at: datetime, minutes: int) -> datetime:
    """Return the moment ``minutes`` of office hours after ``at``; what comes at night begins to count the next working morning.

    :param minutes: 1 and more
    """
    left, day = timedelta(minutes=minutes), clock.shanghai_date(at)
    while True:
        opens = max(at, datetime.combine(day, DAY_BEGINS, tzinfo=clock.SHANGHAI))
        closes = datetime.combine(day, DAY_ENDS, tzinfo=clock.SHANGHAI)
        if is_working(day) and opens < closes:
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        day += _ONE_DAY
