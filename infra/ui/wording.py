"""How hours, times and names are put into words: pure functions, Chinese first."""

from datetime import date, datetime, timedelta
from zlib import crc32

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infra.kit import clock

CREDIT_HOUR_S = 45 * 60
"""One 学时 in seconds: 满 45 分钟计为 1 学时 (reference conditions, clause 三.5)."""

TINTS = 6
"""How many quiet background tints an avatar may have."""


def duration(seconds: int) -> str:
    """Put a length into words: 「1 小时 30 分钟」, 「45 分钟」, 「30 秒」. Whole minutes, rounded down from one minute on."""
    if 0 < seconds < 60:
        return ngettext("%(n)d 秒", "%(n)d 秒", seconds) % {"n": seconds}
    hours, minutes = divmod(seconds // 60, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours})
    if minutes or not hours:
        parts.append(ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes})
    return " ".join(parts)


def credit_hours(seconds: int) -> str:
    """Give 学时 with at most one decimal, cut and never rounded up, so that nobody reads more than was earned (三.5)."""
    whole, rest = divmod(seconds, CREDIT_HOUR_S)
    tenth = rest * 10 // CREDIT_HOUR_S
    return f"{whole}.{tenth}" if tenth else str(whole)


def hours(seconds: int) -> str:
    """Put learning time into words: 「2 学时（1 小时 30 分钟）」 for 5,400 seconds; below one 学时 only 「2 分钟」, 「40 秒」."""
    if seconds < CREDIT_HOUR_S:
        return duration(seconds)
    amount = credit_hours(seconds)
    values = {"hours": amount, "duration": duration(seconds)}
    return ngettext("%(hours)s 学时（%(duration)s）", "%(hours)s 学时（%(duration)s）", 1 if amount == "1" else 2) % values


def earned_of_due(earned: int, due: int) -> tuple[str, str]:
    """Put two lengths in seconds into one figure and its unit: 「1.5 / 24」 学时; where less than one 学时 is due, 「0 / 2」 分钟.

    Cut and never rounded up (三.5).
    """
    if due >= CREDIT_HOUR_S:
        return f"{credit_hours(earned)} / {credit_hours(due)}", _("学时")
    size, unit = (1, _("秒")) if 0 < due < 60 else (60, _("分钟"))
    return f"{earned // size} / {due // size}", unit


def moment(at: datetime, now: datetime) -> str:
    """Put an aware moment into words as seen from ``now``: 「今天 14:20」, 「昨天 09:05」, 「11月3日 14:20」 (Asia/Shanghai)."""
    local = at.astimezone(clock.SHANGHAI)
    return f"{day(local.date(), clock.shanghai_date(now))} {local:%H:%M}"


def day(at: date, today: date) -> str:
    """Put a calendar day into words as seen from ``today``: 「今天」, 「明天」, 「11月3日」, 「2025年11月3日」."""
    near = {timedelta(-1): _("昨天"), timedelta(0): _("今天"), timedelta(1): _("明天")}
    word = near.get(at - today)
    if word is not None:
        return word
    # Translators: Django date formats, see the documentation of the `date` filter.
    return format_date(at, _("n月j日") if at.year == today.year else _("Y年n月j日"))


def initials(name: str) -> str:
    """Shorten a person's name for an avatar: the last two characters in Chinese, first letters otherwise."""
    words = name.split()
    if not words:
        return "?"
    if not name[0].isascii():
        return words[-1][-2:]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def tint(name: str) -> int:
    """Choose the avatar tint of a name: always the same one, 0 … ``TINTS`` - 1."""
    return crc32(name.encode()) % TINTS
