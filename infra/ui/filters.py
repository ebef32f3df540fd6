"""The kit's filters: times and credit hours in words. Registered with the tags (`templatetags/ui.py`)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from infra.kit import clock
from infra.ui import wording


def seconds(value: Any, unit: str) -> int:
    """Return whole seconds of a span, or of a number of ``s`` or ``ms``; never below 0."""
    if isinstance(value, timedelta):
        return max(0, int(value.total_seconds()))
    return max(0, int(value) // (1000 if unit == "ms" else 1))


def hours(value: Any, unit: str = "s") -> str:
    """``{{ seconds|hours }}`` or ``{{ ms|hours:"ms" }}``: 「2 学时（1 小时 30 分钟）」 in tabular figures; ``None`` is 「—」.

    Less than one 学时 is told in minutes alone.
    """
    if value is None:
        return "—"
    return format_html('<span class="ax-hours">{}</span>', wording.hours(seconds(value, unit)))


def hours_text(value: Any, unit: str = "s") -> str:
    """Like ``hours`` but plain text, for attributes, titles and sentences."""
    return "—" if value is None else wording.hours(seconds(value, unit))


def duration(value: Any, unit: str = "s") -> str:
    """``{{ seconds|duration }}``: 「1 小时 30 分钟」 as plain text; ``None`` is 「—」."""
    return "—" if value is None else wording.duration(seconds(value, unit))


def clock_time(ms: int | None) -> str:
    """``{{ ms|clock_time }}``: a place in a film, 「03:15」 or 「1:02:03」; ``None`` is 「—」."""
    if ms is None:
        return "—"
    minutes, rest = divmod(max(0, int(ms)) // 1000, 60)
    hours_part, minutes = divmod(minutes, 60)
    return f"{hours_part}:{minutes:02d}:{rest:02d}" if hours_part else f"{minutes:02d}:{rest:02d}"


def moment(value: datetime | date | None) -> str:
    """``{{ at|moment }}``: ``<time>`` saying 「今天 14:20」 in Asia/Shanghai, full time on hover; dates without clock too.

    :raises ValueError: for a datetime without a zone, whose meaning nobody can know
    """
    if value is None:
        return "—"
    if not isinstance(value, datetime):
        words, full = wording.day(value, clock.shanghai_date(clock.now())), value.isoformat()
        return format_html('<time class="ax-moment" datetime="{}" title="{}">{}</time>', full, full, words)
    if value.tzinfo is None:
        raise ValueError("the moment filter needs an aware datetime")
    local = value.astimezone(clock.SHANGHAI)
    full = _("%(time)s 北京时间") % {"time": f"{local:%Y-%m-%d %H:%M:%S}"}
    html = '<time class="ax-moment" datetime="{}" title="{}">{}</time>'
    return format_html(html, local.isoformat(timespec="seconds"), full, wording.moment(value, clock.now()))
