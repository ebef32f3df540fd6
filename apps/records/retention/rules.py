"""Pure rules of retention: months, and when their time is over (clause 四.6). Days are those of Zhejiang."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from infra.kit import clock


def month_of(at: datetime) -> date:
    """Return the first day of the month in which a moment falls."""
    return clock.shanghai_date(at).replace(day=1)


def later(month: date, months: int) -> date:
    """Return the first day of the month that lies ``months`` after ``month``."""
    year, rest = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, rest + 1, 1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """Return the half-open span of a month."""
    return clock.shanghai_midnight(month), clock.shanghai_midnight(later(month, 1))


def is_over(month: date, months: int, *, today: date) -> bool:
    """Say whether ``months`` whole months have passed since the end of ``month``."""
    return later(month, months + 1) <= today


def due(oldest: date, months_online: int, *, today: date) -> Iterator[date]:
    """Yield the months from ``oldest`` on whose time at hand is over."""
    month = oldest
    while is_over(month, months_online, today=today):
        yield month
        month = later(month, 1)


def multirange(ids: Iterable[int | str]) -> str:
    """Return whole numbers as PostgreSQL writes an int8multirange, e.g. ``{[1,4),[7,8)}``; other ids are left out.

    Rows of one month lie close together, so a million ids are a short text.
    """
    parts: list[list[int]] = []
    for one in sorted({one for one in ids if isinstance(one, int)}):
        if parts and parts[-1][1] == one:
            parts[-1][1] = one + 1
        else:
            parts.append([one, one + 1])
    return "{" + ",".join(f"[{low},{high})" for low, high in parts) + "}"
