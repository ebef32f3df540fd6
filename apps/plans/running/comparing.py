"""How a plan reads, field by field, and whether somebody still sees it as it is."""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from apps.plans import rules
from apps.plans.exam_wording import exam_source, policy_words
from apps.plans.models import TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.running.wording import rules_in_words
from apps.plans.shapes import ExamPolicy
from infra.kit.errors import DomainError

FIELDS: dict[str, Any] = {
    "title": _("计划名称"),
    "starts_on": _("开始日期"),
    "due_on": _("截止日期"),
    "hours": _("应修学时"),
    "courses": _("课程"),
    "newcomer_days": _("后加入的人至少有几天"),
    "in_order": _("按顺序学习"),
    "prerequisite": _("前置计划"),
    "renew_yearly": _("每年自动再培训"),
    "exam_paper": _("试卷"),
    "exam_questions": _("题数"),
    "exam_pass_score": _("及格线（分）"),
    "exam_minutes": _("考试时长（分钟）"),
    "exam_tries": _("可考次数"),
    "exam_policy": _("考试纪律"),
    "rules": _("自动加入的规则"),
    "state": _("状态"),
}
"""What a change may touch, in words; also the order in which differences are told."""
_SALT = "plans.change"


def facts(plan: TrainingPlan) -> dict[str, str]:
    """Return a plan as a person reads it, field by field."""
    told = {
        "title": plan.title,
        "starts_on": plan.starts_on.isoformat() if plan.starts_on else "",
        "due_on": plan.due_on.isoformat(),
        "hours": str(plan.required_ms // rules.HOUR_MS) if plan.hours_bound else "",
        "courses": "、".join(plan.courses.order_by("no").values_list("title", flat=True)),
        "newcomer_days": str(plan.newcomer_days or ""),
        "in_order": _yes(plan.in_order),
        "prerequisite": plan.prerequisite.title if plan.prerequisite else "",
        "renew_yearly": _yes(plan.renew_yearly),
        "rules": "、".join(words for _pk, words in rules_in_words(plan.rules.order_by("pk"))),
        "state": str(TrainingPlan.State(plan.state).label),
    }
    return told | (_exam(plan) if plan.exam_needed else {})


def _exam(plan: TrainingPlan) -> dict[str, str]:
    told = {name: str(getattr(plan, name)) for name in ("exam_questions", "exam_pass_score", "exam_minutes", "exam_tries")}
    paper = exam_source(PAPERS.get().offer(plan.exam_paper) if plan.exam_paper else None)
    return {**told, "exam_paper": paper, "exam_policy": policy_words(ExamPolicy.read(plan.exam_policy))}


def fingerprint(plan: TrainingPlan) -> str:
    """Return what a form carries of the plan that it shows: its facts, signed, so that differences can be told later."""
    return signing.dumps(facts(plan), salt=_SALT, compress=True)


def differences(plan: TrainingPlan, seen: str) -> list[tuple[str, str, str]]:
    """Return (field, as the form showed it, as it is now) of what somebody else changed meanwhile; forged ones are all different."""
    now = facts(plan)
    try:
        shown: Mapping[str, str] = signing.loads(seen, salt=_SALT)
    except signing.BadSignature:
        shown = {}
    return [(str(FIELDS[key]), shown.get(key, ""), now.get(key, "")) for key in FIELDS if shown.get(key, "") != now.get(key, "")]


def refuse_outdated(plan: TrainingPlan, seen: str) -> None:
    """Refuse a change by somebody who saw an older state than the locked ``plan``.

    :raises DomainError: 409 ``changed_meanwhile``
    """
    if differences(plan, seen):
        who = plan.changes.order_by("-pk").values_list("by", flat=True).first() or _("其他人")
        words = _("这个计划刚刚被%(who)s修改过，您的修改还没有保存。请核对下面的不同之处，再保存。")
        raise DomainError("changed_meanwhile", words % {"who": who}, status=409)


def _yes(value: bool) -> str:
    return str(_("是") if value else _("否"))
