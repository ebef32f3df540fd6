"""One class's file (一期一档): the plan, its courses and trainers, everybody's hours and results, classes in rooms, certificates,
ratings, who approved what. Fills `records.CLASS_FILES`; the same shape as a learner's file, so page, PDF and workbook are the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.people import api as people
from apps.plans.classes.models import ClassFile, OfflineClass
from apps.plans.exam_wording import policy_words
from apps.plans.filing import class_tables
from apps.plans.filing.trainings import NONE, number, required
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.services import STAGES
from apps.plans.shapes import ExamPolicy
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.api import current_site


class ClassesOfFiles:
    """Plug for `apps.records.ports.CLASS_FILES`."""

    def document(self, plan: UUID, *, within: frozenset[int] | None, at: datetime) -> records.FileDocument:
        """Return the file of a plan: see :func:`class_file`."""
        return class_file(plan, within=within, at=at)


def plan_of(uuid: UUID, *, within: people.Units) -> TrainingPlan:
    """Return a plan of which the asker sees somebody.

    :raises DomainError: 404 ``not_found``
    """
    row = TrainingPlan.objects.filter(uuid=uuid, sample=False).first()
    seen = row is not None and (within is None or duties(row, within).exists())
    if row is None or not seen:
        raise DomainError("not_found", _("没有找到这一期培训，请从列表重新进入。"), status=404)
    return row


def duties(plan: TrainingPlan, within: people.Units) -> QuerySet[Assignment]:
    """Return the duties of a plan's real people that the asker sees, by unit and name; those let off are left out.

    Their plan is not loaded with each of them: the asker has it, and thousands of copies cost more than all the rest.
    """
    rows = Assignment.objects.filter(people.belongs(within, "learner"), people.real("learner"), plan=plan)
    rows = rows.exclude(state=Assignment.State.EXEMPT).select_related("certificate", "learner__unit", "sign_off")
    return records.with_certificate_state(rows, at="certificate__").order_by("learner__unit__name", "learner__name", "pk")


def class_file(uuid: UUID, *, within: people.Units, at: datetime) -> records.FileDocument:
    """Return the file of a class; a constant number of queries however many people there are.

    :param within: units whose people the asker sees
    :raises DomainError: 404 ``not_found``
    """
    plan = plan_of(uuid, within=within)
    rows = list(duties(plan, within))
    for row in rows:
        row.plan = plan
    classes = list(plan.classes.exclude(state=OfflineClass.State.CANCELLED).select_related(
        "trainer", "room", "created_by", "submitted_by", "confirmed_by").order_by("starts_at", "pk"))  # fmt: skip
    site = current_site()
    subjects = [row.learner.uuid for row in rows]
    second = records.countersigned(subjects)
    on = clock.shanghai_date(at)
    return records.FileDocument(
        kind=_("一期一档"),
        title=plan.title,
        subtitle=plan.requirement_title,
        number=number(plan),
        enterprise=site.name,
        uscc=site.uscc,
        facts=_facts(plan, rows, classes),
        sections=_sections(plan, rows, classes, class_tables.certificates(rows, on, second), within),
        seal=_seal(subjects),
        printed=_("生成时间 %(at)s") % {"at": class_tables.moment(at)},
        stem=f"{_('一期一档')}-{number(plan)}-{plan.title}",
        head_line=_sums(rows),
    )


def _sums(rows: list[Assignment]) -> str:
    done = sum(1 for row in rows if row.state == Assignment.State.COMPLETED)
    signed = sum(1 for row in rows if getattr(row, "sign_off", None) is not None)
    told = {"all": len(rows), "done": done, "percent": done * 100 // len(rows) if rows else 0, "signed": signed}
    return _("应训 %(all)d 人，完成 %(done)d 人（%(percent)d%%），本人签名 %(signed)d 人。") % told


def _facts(plan: TrainingPlan, rows: list[Assignment], classes: list[OfflineClass]) -> list[tuple[str, str]]:
    passed = [row for row in rows if row.exam_passed_at]
    cost = sum((row.cost_yuan for row in classes if row.cost_yuan is not None), start=0)
    assigned = sorted(row.assigned_at for row in rows)
    told = _("%(n)d 人已收到培训通知，首次 %(at)s") % {"n": len(rows), "at": class_tables.moment(assigned[0])} if rows else NONE
    begins = plan.starts_on.isoformat() if plan.starts_on else clock.shanghai_date(plan.opened_at).isoformat()
    return [
        (_("期号"), number(plan)),
        (_("培训计划"), plan.title),
        (_("培训需求与对象"), f"{plan.requirement_title}（{STAGES.get(plan.stage, plan.stage)}{'，' + plan.level if plan.level else ''}）"),
        (_("依据"), plan.basis),
        (_("起止日期"), f"{begins} — {plan.due_on.isoformat()}"),
        (_("状态"), str(TrainingPlan.State(plan.state).label)),
        (_("方式"), _("线上线下结合") if classes else _("线上")),
        (_("应修学时"), required(plan)),
        (_("通知"), told),
        (_("应训人数"), str(len(rows))),
        (_("完成人数"), str(sum(1 for row in rows if row.state == Assignment.State.COMPLETED))),
        (_("考核合格"), _("%(n)d 人") % {"n": len(passed)} if plan.exam_needed else _("本计划不设考试")),
        (_("费用"), _("%(yuan)s 元") % {"yuan": cost} if any(row.cost_yuan is not None for row in classes) else _("未登记")),
        (_("组织人"), plan.opened_by),
        (_("总结"), "；".join(f"{row.number}：{row.summary}" for row in classes if row.summary) or _("未填写")),
    ]  # fmt: skip


def _sections(
    plan: TrainingPlan, rows: list[Assignment], classes: list[OfflineClass], issued: records.Table, within: people.Units
) -> list[records.Section]:
    known = people.learner_views(row.learner for row in rows)
    files = list(ClassFile.objects.filter(klass__in=classes, archived_at=None).select_related("klass", "by").order_by("at", "pk"))
    parts: list[tuple[str, Iterable[Any]]] = [
        (_("大纲、课程与教材"), [class_tables.outline(plan), class_tables.trainers(plan, classes)]),
        (_("课程表与线下签到"), [class_tables.timetable(classes, within)] if classes else []),
        (_("学员名册与学时"), [class_tables.roster(rows, known)]),
        (_("考核"), [class_tables.results(rows, known)] if plan.exam_needed else []),
        (_("抓拍抽样"), [class_tables.snapshots(rows, known)]),
        (_("教学评价"), [class_tables.ratings(plan, rows)]),
        (_("发证清单与签名"), [issued]),
        (_("签到表、教材与现场影像"), [class_tables.files(files)] if classes else []),
        (_("审批与变更"), [class_tables.approvals(plan, classes, within)]),
    ]
    found = []
    for title, tables in parts:
        facts = _paper(plan) if title == _("考核") and plan.exam_needed else []
        if tables := list(tables):
            found.append(records.Section(title, facts, tables))
    return found


def _paper(plan: TrainingPlan) -> list[tuple[str, str]]:
    paper = _("按课程从题库抽题，每人一卷")
    if plan.exam_paper:
        offer = PAPERS.get().offer(plan.exam_paper)
        paper = _("%(title)s 第 %(n)s 版") % {"title": offer.title, "n": offer.number}
    rule = _("%(n)d 题，%(score)d 分及格，%(minutes)d 分钟，可考 %(tries)d 次") % {
        "n": plan.exam_questions, "score": plan.exam_pass_score, "minutes": plan.exam_minutes, "tries": plan.exam_tries,
    }  # fmt: skip
    kept = gettext_lazy("每份试卷、答案和得分随考试保存，指纹见学员档案")
    return [(_("试卷"), paper), (_("考核办法"), rule), (_("考试纪律"), policy_words(ExamPolicy.read(plan.exam_policy))),
            (_("试卷与答案"), str(kept))]  # fmt: skip


def _seal(subjects: list[UUID]) -> records.Seal:
    """Return how far the entries of all these people are sealed; whether each chain is whole stands in their own files."""
    sums = records.sums_of(subjects).values()
    return records.with_head(records.Seal(sum(one.entries for one in sums), sum(one.sealed for one in sums), None, ""))
