"""How a file says days, lengths and what stands in entries. Codes of the ledger are part of the statutory record, so they are worded here."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infra.kit import clock
from infra.ui import wording

VOIDED: dict[str, Any] = {
    "browsing": gettext_lazy("学习时浏览其他内容"),
    "identity_failed": gettext_lazy("身份核验未通过"),
    "interaction_timeout": gettext_lazy("在场核验超时未答"),
    "daily_limit": gettext_lazy("超过当日 8 学时"),
    "test_not_done": gettext_lazy("课程测试未完成"),
    "hidden": gettext_lazy("页面不可见"),
    "blurred": gettext_lazy("页面失去焦点"),
    "second_terminal": gettext_lazy("在另一终端学习"),
    "too_fast": gettext_lazy("播放进度快于实际时间"),
    "gap": gettext_lazy("学习中断"),
    "manual": gettext_lazy("人工认定"),
}
"""Why time does not count, as the ledger names it (clause 三)."""
NONE = "—"


def moment(at: datetime | None) -> str:
    """Return e.g. ``2026-11-28 14:20`` in Zhejiang, or a dash."""
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at else NONE


def said_moment(text: object) -> str:
    """Return the same of a moment that an entry holds as text."""
    try:
        return moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return NONE


def day(at: datetime | None) -> str:
    """Return e.g. ``2026-11-28`` in Zhejiang, or a dash."""
    return clock.shanghai_date(at).isoformat() if at else NONE


def span(since: str, until: str) -> str:
    """Return two moments as one text; the day is said once where both are of one day."""
    return f"{since}–{until[11:]}" if since[:10] == until[:10] and len(until) == 16 else f"{since} – {until}"


def hours(ms: int) -> str:
    """Return e.g. ``4 学时（3 小时）``."""
    return wording.hours(ms // 1000)


def time(ms: int) -> str:
    """Return e.g. ``12 分钟``; what was taken away with a minus."""
    return f"-{wording.duration(-ms // 1000)}" if ms < 0 else wording.duration(ms // 1000)


def digest(text: str, most: int = 12) -> str:
    """Return the beginning of a digest, enough to compare it by eye."""
    return f"{text[:most]}…" if len(text) > most else text or NONE


def snapshots(checks: list[dict[str, Any]]) -> str:
    """Return how often somebody was asked, and the digests by which the pictures are found; never a picture."""
    taken = [str(one)[:8] for check in checks for one in check.get("digests", [])]
    if not checks:
        return NONE
    told = _("%(n)d 次") % {"n": len(checks)}
    return f"{told}：{'、'.join(taken[:3])}{'…' if len(taken) > 3 else ''}" if taken else told


def voided(voids: list[dict[str, Any]]) -> list[str]:
    """Return each void of a sitting in words."""
    return [
        _("作废 %(time)s（%(why)s）") % {"time": time(int(one["ms"])), "why": VOIDED.get(str(one["reason"]), one["reason"])}
        for one in voids
    ]
