"""Numbers and limits of an enterprise's life. Pure; what the law says comes as dated rows (`public.privacy`, `public.retention`)."""

import calendar
from datetime import date, timedelta

VERIFY_WITHIN = timedelta(days=30)
"""How long a new enterprise may work before its papers are asked for on every page of its console (service agreement)."""
GRACE = timedelta(days=30)
"""How long a closing can be undone."""
ANSWER_WITHIN = timedelta(hours=72)
"""How long a question for a visit stands."""
TICKET_LIFE = timedelta(seconds=60)
SAME_LOOK = timedelta(minutes=1)
"""The same page again within this time is the same look."""
SEVERAL = 5
"""How many pages a visitor may have open that refresh themselves."""
MINUTES = (15, 480)
"""The shortest and longest visit."""
EXPORT_FRESH = timedelta(days=7)
"""How old the package may be that is taken along (as long as it lies there, `records.retention.orders.KEPT`)."""
LOOKS = ("legible", "name", "code", "registry", "authority")
"""What each of the two lookers ticks before papers pass; the words are in `forms`."""
MOST_PAPERS = 12
_FOR_EVER = 1_200
"""Months of a period that has no end."""


def kept_until(closed_on: date, *, record_months: int | None, special_months: int | None) -> date:
    """Return the last day on which the learners' records must be there: the longer of the two periods, from the day of closing.

    The periods run from the end of each training; counted from the closing no record is kept too short
    (安全生产培训管理办法; 生产经营单位安全培训规定). None is a period without end: a hundred years.
    """
    months = (
        closed_on.year * 12
        + closed_on.month
        - 1
        + max(_FOR_EVER if one is None else one for one in (record_months, special_months))
    )
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(closed_on.day, calendar.monthrange(year, month)[1]))


WARN_AHEAD = timedelta(days=90)
"""So long before the last day the desk, the managers and the learners are told."""
DECIDE_WITHIN = timedelta(days=7)
"""How long what one operator asked for about a closed enterprise waits for another."""
THINK_OVER = timedelta(hours=24)
"""How long a destruction that was approved can still be stopped."""
STUCK_AFTER = timedelta(hours=1)
"""So long without a step, and the desk says that a destruction does not go on."""
CERTIFICATE_KEPT = timedelta(days=30 * 366)
"""How long the store keeps the certificate of a destruction from everybody."""


def is_over(kept_until: date, *, today: date) -> bool:
    """Say whether the legal periods are over: on the last day itself they are not."""
    return today > kept_until


def is_near(kept_until: date, *, today: date) -> bool:
    """Say whether the last day comes near, or is over."""
    return today >= kept_until - WARN_AHEAD
