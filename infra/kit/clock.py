"""Time: one server clock in UTC, and the calendar day of the law (Asia/Shanghai)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the server's time, aware, in UTC."""
    return datetime.now(UTC)


def shanghai_date(at: datetime) -> date:
    """Return the calendar day in Zhejiang on which the moment ``at`` (aware) falls."""
    return at.astimezone(SHANGHAI).date()


def shanghai_midnight(day: date) -> datetime:
    """Return the moment at which ``day`` begins in Zhejiang, aware."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def shanghai_day(day: date) -> tuple[datetime, datetime]:
    """Return the half-open span [start, end) of one day in Zhejiang."""
    return shanghai_midnight(day), shanghai_midnight(day + timedelta(days=1))
