"""A void's evidence in words: what learner, manager and operator read before they write and decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infra.kit import clock


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what, and how it was."""

    label: str
    text: str


def facts(evidence: Mapping[str, Any]) -> list[Fact]:
    """Return the lines that a void's evidence has words for, in the order of what happened; digests and identifiers stay behind."""
    shown = [
        (_("核验方式"), {"face": _("人脸核验"), "code": _("验证码和知识题")}.get(str(evidence.get("kind")), "")),
        (_("发出核验"), _moment(evidence.get("issued"))),
        (_("应答截止"), _moment(evidence.get("deadline"))),
        (_("页面显示核验"), _moment(evidence.get("shown")) or (_("没有显示过") if "shown" in evidence else "")),
        (_("应答次数"), _times(evidence.get("tries"))),
        (_("最后一次心跳"), _moment(evidence.get("last_beat"))),
        (_("播放到"), _place(evidence.get("position_ms"))),
        (_("当时信号分"), _points(evidence.get("score"))),
        (_("核验发出后页面"), _heard(evidence.get("heard"))),
    ]
    return [Fact(label, text) for label, text in shown if text]


def _moment(value: Any) -> str:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return ""
    return at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at.tzinfo else ""


def _place(value: Any) -> str:
    if not isinstance(value, int):
        return ""
    minutes, seconds = divmod(value // 1000, 60)
    return f"{minutes:02d}:{seconds:02d}"


def _times(value: Any) -> str:
    return ngettext("%(n)d 次", "%(n)d 次", value) % {"n": value} if isinstance(value, int) else ""


def _points(value: Any) -> str:
    return _("%(n)d（满分 100）") % {"n": value} if isinstance(value, int) else ""


def _heard(value: Any) -> str:
    return "" if not isinstance(value, bool) else _("仍在线") if value else _("没有联系，可能断网")
