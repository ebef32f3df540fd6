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
    "enterprise.reopening_asked": (_("申请重新开通"), "attention"),
    "enterprise.reopening_refused": (_("不批准重新开通"), "neutral"),
    "enterprise.reopening_withdrawn": (_("撤回重新开通申请"), "neutral"),
    "enterprise.reopening_lapsed": (_("重新开通申请过期"), "neutral"),
    "enterprise.returned": (_("已重新开通"), "proven"),
    "enterprise.held": (_("设置法律保留"), "attention"),
    "enterprise.hold_lifted": (_("解除法律保留"), "neutral"),
    "enterprise.retention_longer": (_("法定保存期延长"), "info"),
    "enterprise.retention_ends": (_("法定保存期将满"), "attention"),
    "enterprise.retention_over": (_("法定保存期已满"), "attention"),
    "enterprise.destruction_asked": (_("申请销毁数据"), "attention"),
    "enterprise.destruction_approved": (_("批准销毁数据"), "stop"),
    "enterprise.destruction_refused": (_("不批准销毁数据"), "neutral"),
    "enterprise.destruction_withdrawn": (_("撤回销毁申请"), "neutral"),
    "enterprise.destruction_lapsed": (_("销毁申请过期"), "neutral"),
    "enterprise.destruction_stopped": (_("停止销毁"), "attention"),
    "enterprise.destruction_begun": (_("开始销毁"), "stop"),
    "enterprise.destroyed": (_("数据已销毁"), "neutral"),
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
    until = row.details.get("kept_until", "")
    kept = str(_("档案保存到 %(day)s") % {"day": until}) if until else ""
    words = [row.details.get("name", ""), row.details.get("reason", ""), kept]
    return Happening(row.at, str(title), " · ".join(word for word in words if word), tone)
