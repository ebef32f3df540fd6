"""What the columns of old rows are called, for people who look into them."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit import clock

COLUMNS: dict[str, Any] = {
    "about": _("用途说明"),
    "action": _("操作"),
    "actor": _("操作人"),
    "answered_at": _("回答时间"),
    "check": _("核验编号"),
    "close_reason": _("结束原因"),
    "closed_at": _("结束时间"),
    "confirmed_ms": _("确认时长（毫秒）"),
    "content": _("提问"),
    "course": _("课程编码"),
    "course_title": _("课程"),
    "courseware": _("课件"),
    "decided_at": _("复核时间"),
    "decided_by": _("复核人"),
    "details": _("明细"),
    "digests": _("图片指纹"),
    "evidence": _("证据"),
    "flags": _("标记"),
    "instead": _("改用验证码"),
    "ip": "IP",
    "judged_at": _("判定时间"),
    "kind": _("方式"),
    "method": _("方式"),
    "note": _("备注"),
    "opened_at": _("开始时间"),
    "outcome": _("结果"),
    "paid_ms": _("计时（毫秒）"),
    "position_ms": _("播放位置（毫秒）"),
    "provider": _("算法"),
    "purpose": _("用途"),
    "reason": _("原因"),
    "score": _("分值"),
    "seq": _("序号"),
    "session": _("学习会话"),
    "signals": _("行为信号"),
    "state": _("状态"),
    "target": _("对象"),
    "terminal": _("终端"),
    "tries": _("次数"),
    "uuid": _("编号"),
    "verdict": _("判定"),
    "version": _("课程版本"),
    "voided_ms": _("作废时长（毫秒）"),
    "why": _("触发"),
}
"""Column to words; one that is not here is shown by its own name."""
_LONGEST = 60
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d$")


def told(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (words, value) of what a row says, short enough for a table; what is sealed or empty is left out."""
    shown = [(name, value) for name, value in body.items() if value not in ("", None, [], {}) and not name.endswith("_sealed")]
    return [(str(COLUMNS.get(name, name)), _short(value)) for name, value in sorted(shown)]


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是")) if value else str(_("否"))
    if isinstance(value, str) and _MOMENT.match(value):
        return datetime.fromisoformat(value).astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
