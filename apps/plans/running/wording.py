"""Notices of plans, and rules in words."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import AssignmentRule


def rules_in_words(rules: Iterable[AssignmentRule]) -> list[tuple[int, str]]:
    """Return (id, words) of rules, in two queries at most."""
    rows = list(rules)
    units = dict(people.units()) if any(row.unit_id for row in rows) else {}
    return [(row.pk, _in_words(row, units)) for row in rows]


def _in_words(row: AssignmentRule, units: Mapping[int, str]) -> str:
    if row.kind == "ALL":
        return str(_("全部在册学员"))
    if row.kind == "LIST":
        return str(_("名单（%(n)s 人）") % {"n": len(row.learner_ids)})
    if row.kind == "UNIT":
        return str(_("部门：%(name)s（含下级）") % {"name": units.get(row.unit_id or 0, "—")})
    if row.kind == "POSITION":
        return str(_("岗位：%(name)s") % {"name": row.word})
    if row.kind == "HAZARD":
        return str(_("岗位危险因素：%(name)s") % {"name": dict(people.hazards()).get(row.word, row.word)})
    return str(_("人员类别：%(name)s") % {"name": dict(people.ROLES).get(row.word, row.word)})


def register_notices() -> None:
    """Make the notices of plans known."""
    _tell_learners()
    _tell_managers()


def _tell_learners() -> None:
    people.register_notice(
        "plan.assigned",
        title=_("新的培训：%(plan)s"),
        body=_("单位为您安排了培训“%(plan)s”，请在 %(due)s 前完成。打开首页就可以开始。"),
        label=_("安排了新的培训"),
        url="/learn",
        audience=["learner"],
    )
    people.register_notice(
        "plan.due_soon",
        title=_("培训快到期：%(plan)s"),
        body=_("培训“%(plan)s”的截止日期是 %(due)s，还有 %(days)s 天。请尽快学完。"),
        label=_("培训快到期"),
        channels=["app", "sms"],
        url="/learn",
        audience=["learner"],
    )
    people.register_notice(
        "plan.overdue",
        title=_("培训已逾期：%(plan)s"),
        body=_("培训“%(plan)s”在 %(due)s 已截止，您还没有完成。请马上补学；有困难请联系安全管理员。"),
        label=_("培训已逾期"),
        channels=["app", "sms"],
        url="/learn",
        audience=["learner"],
    )


def _tell_managers() -> None:
    people.register_notice(
        "plan.late_people",
        title=_("有人逾期未完成：%(plan)s"),
        body=_("培训“%(plan)s”在 %(due)s 已截止，还有 %(n)s 人没有完成。请督促，或调整截止日期。"),
        label=_("计划里有人逾期"),
        url="/console/plans/%(uuid)s?state=OVERDUE",
        audience=["manager"],
        channels=["app", "mail", "robot"],
    )
    people.register_notice(
        "plan.renewed",
        title=_("年度再培训已开启：%(plan)s"),
        body=_("%(n)s 人的上一次培训即将满一年，系统已按法规开启再培训，截止 %(due)s。请核对课程。"),
        label=_("年度再培训自动开启"),
        url="/console/plans/%(uuid)s",
        audience=["manager"],
    )
    people.register_notice(
        "plan.not_renewed",
        title=_("年度再培训没有开启：%(plan)s"),
        body=_("“%(plan)s”有 %(n)s 人即将满一年，但系统没有配出合适的课程。请新建再培训计划。"),
        label=_("年度再培训开启失败"),
        url="/console/plans/%(uuid)s",
        audience=["manager"],
        channels=["app", "mail"],
    )
    people.register_notice(
        "plan.exemption",
        title=_("有一个免训申请等您审批"),
        body=_("%(by)s申请免除一名学员的培训“%(plan)s”。请核对理由后决定。"),
        label=_("免训申请"),
        url="/console/plans/%(uuid)s/exemptions",
        audience=["manager"],
    )
