"""Working days of the mainland: weekends and holidays off, moved days (调休) on."""

from datetime import date, datetime, time, timedelta

import chinese_calendar
from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - the word of Django

from infra.kit import clock

_AHEAD = timedelta(days=45)
_DAY_ENDS = time(18)


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
        day += timedelta(days=1)
        days -= is_working(day)
    return datetime.combine(day, _DAY_ENDS, tzinfo=clock.SHANGHAI)


def check_calendar(app_configs: object = None, **options: object) -> list[CheckMessage]:
    """Warn production at boot when the calendar ends within 45 days: due dates would count holidays as working days."""
    if settings.DEV_TOOLS:
        return []
    until = clock.shanghai_date(clock.now()) + _AHEAD
    if is_known(until):
        return []
    hint = "Update chinesecalendar; until then every Monday to Friday counts."
    return [Warning(f"the holidays of {until.year} are not known", hint=hint, id="review.W001")]
