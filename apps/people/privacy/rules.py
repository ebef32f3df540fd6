"""Pure rules of requests about one's own data (PIPL arts. 15, 44-50)."""

import calendar
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

STAGES = (50, 80, 100)
"""Percent of the time for an answer at which managers are reminded (domain facts §6)."""
CORRECTABLE: dict[str, Any] = {
    "name": _("姓名"),
    "id_number": _("身份证号"),
    "position": _("岗位"),
    "employee_no": _("工号"),
}
"""What a correction may name. The phone is changed by its owner at once (`joining/phones.py`); hours and scores have appeals of their own."""


def spent(asked: datetime, due: datetime, at: datetime) -> int:
    """Return how much of the time for an answer is over, in percent; 100 and more: too late."""
    whole = (due - asked).total_seconds()
    return 100 if whole <= 0 else max(0, int((at - asked).total_seconds() * 100 // whole))


def stage(asked: datetime, due: datetime, at: datetime) -> int:
    """Return the last stage that is reached, 0 before the first."""
    share = spent(asked, due, at)
    return max((one for one in STAGES if one <= share), default=0)


def after_months(day: date, months: int) -> date:
    """Return the day that many months later, the last of its month where that one is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
