"""What was done to an enterprise, in words; the desk and the enterprise itself read the same."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from public.audit import api as audit

_WORDS = {
    "enterprise.verification_submitted": (_("提交核验材料"), "info"),
    "enterprise.verification_checked": (_("核验初审通过"), "info"),
    "enterprise.verification_refused": (_("核验未通过"), "attention"),
    "enterprise.verified": (_("已核实"), "proven"),
    "enterprise.suspended": (_("已停用"), "stop"),
    "enterprise.reopened": (_("已恢复使用"), "proven"),
    "enterprise.closing": (_("申请注销"), "attention"),
    "enterprise.closing_undone": (_("撤销注销"), "proven"),
    "enterprise.closed": (_("已注销"), "neutral"),
    "visit.asked": (_("申请查看管理台"), "info"),
    "visit.granted": (_("企业同意查看"), "info"),
    "visit.refused": (_("企业不同意查看"), "neutral"),
    "visit.ended": (_("结束查看"), "neutral"),
    "visit.lapsed": (_("查看申请过期，企业没有答复"), "neutral"),
}
"""What is told; the log has more, such as each look at a paper."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of an object's history."""

    at: datetime
    title: str
    text: str
    tone: str


def history(target: str) -> list[Happening]:
    """Return what was done to one object, newest first, at most 50."""
    return [_line(row) for row in audit.history(target, actions=tuple(_WORDS))]


def _line(row: audit.Happening) -> Happening:
    title, tone = _WORDS[row.action]
    words = [row.details.get("name", ""), row.details.get("reason", "")]
    return Happening(row.at, str(title), " · ".join(word for word in words if word), tone)
