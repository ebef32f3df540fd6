"""The two documents of a package: a workbook with everything, a report to print. No cell is ever a formula."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans import workbooks
from apps.plans.inspection import content
from apps.plans.inspection.content import Scope
from apps.plans.models import Assignment, OfflineClass, SignOff, TrainingPlan
from apps.plans.ports import EXAMS, REPORTS, Report, ReportTable
from apps.plans.rules import credit_hours
from apps.records import api as records
from infra.kit import clock
from infra.ui import wording
from tenants.api import current_site

Line = Sequence[str | int | float]
Progress = Callable[[str, int], None]
"""Called with the name of the step and how many rows were written since the last call."""
MOST_PRINTED = 1_500
"""Lines of people in the report; the workbook holds all."""
_SLICE = 1_000


def workbook(scope: Scope, *, progress: Progress) -> bytes:
    """Return the workbook: 计划, 课程, 名册, 学时, 线下课, 线下学时, 考试, 证书."""
    return workbooks.book(
        [
            (_("计划"), _plan_heads(), (_plan(row) for row in content.plans(scope))),
            (_("课程"), [_("培训计划"), _("序号"), _("课程编码"), _("课程"), _("教师"), _("分钟")], _courses(scope)),
            (_("名册"), [_("姓名"), _("证件号"), _("部门"), _("岗位"), _("人员类别"), _("用工形式"), _("入职日期")], _roster(scope, progress)),
            (_("学时"), _hours_heads(), _hours(scope, progress)),
            (_("线下课"), _class_heads(), (_class(row) for row in content.classes(scope))),
            (_("线下学时"), [_("期号"), _("主题"), _("姓名"), _("部门"), _("在场分钟"), _("计入学时")], _seats(scope)),
            (_("考试"), [_("姓名"), _("部门"), _("培训计划"), _("第几次"), _("交卷时间"), _("成绩"), _("结果")], _exams(scope, progress)),
            (_("证书"), [_("证明编号"), _("姓名"), _("证件号"), _("培训项目"), _("实修学时"), _("发证日期"), _("有效期至"), _("状态"), _("核验网址")], _certificates(scope, progress)),
        ]
    )  # fmt: skip


def report(scope: Scope, *, unit: str, at: datetime) -> bytes:
    """Return the report as PDF."""
    sums = content.sums(scope)
    site = current_site()
    words = _("%(duties)d 人次培训，完成 %(done)d 人次（%(percent)d%%）；发放培训证明 %(n)d 份，本人签名 %(m)d 份。")
    facts = [
        (_("企业"), site.name),
        (_("统一社会信用代码"), site.uscc),
        (_("检查范围"), unit or _("全企业")),
        (_("检查期间"), f"{scope.since.isoformat()} — {scope.until.isoformat()}"),
        (_("在册学员"), str(sums.people)),
        (_("培训计划"), str(sums.plans)),
    ]
    done_words = {"duties": sums.duties, "done": sums.done, "percent": sums.percent, "n": sums.certificates, "m": sums.signed}
    return REPORTS.get().report(
        Report(
            title=_("安全培训情况报告"),
            subtitle=_("供监督检查使用"),
            summary=words % done_words,
            facts=facts,
            tables=[_plans_printed(scope), *_classes_printed(scope), *_people_printed(scope, sums.duties)],
            foot=_("%(name)s · 生成于 %(at)s") % {"name": site.name, "at": moment(at)},
        )
    )


def _plans_printed(scope: Scope) -> ReportTable:
    heads = [_("培训计划"), _("依据"), _("应修学时"), _("开启"), _("截止"), _("人数"), _("完成")]
    rows = [
        [row.title, row.basis, _required(row), day(row.opened_at), row.due_on.isoformat(), str(row.people), str(row.done)]  # type: ignore[attr-defined]
        for row in content.plans(scope)
    ]
    return ReportTable(_("培训计划"), heads, rows, (5, 5, 2, 3, 3, 1, 1))


def _classes_printed(scope: Scope) -> list[ReportTable]:
    heads = [_("期号"), _("主题"), _("上课"), _("教师"), _("地点"), _("人数"), _("确认人")]
    rows = [
        [row.number, row.topic, moment(row.starts_at), row.trainer.name, row.room.name, str(row.people), _confirmer(row)]  # type: ignore[attr-defined]
        for row in content.classes(scope)
    ]
    return [ReportTable(_("线下课"), heads, rows, (2, 5, 4, 2, 3, 1, 2))] if rows else []


def _people_printed(scope: Scope, total: int) -> list[ReportTable]:
    heads = [_("姓名"), _("部门"), _("培训计划"), _("实修 / 应修"), _("考试"), _("状态"), _("证明编号"), _("签名")]
    rows = [_printed(row) for row in content.duties(scope)[:MOST_PRINTED]]
    title = _("学时、考试和证明")
    if total > MOST_PRINTED:
        title = _("学时、考试和证明（前 %(n)d 人次，全部见台账工作簿）") % {"n": MOST_PRINTED}
    return [ReportTable(title, heads, rows, (3, 3, 4, 3, 1, 2, 6, 3))]


def _printed(row: Assignment) -> list[str]:
    hours = f"{credit_hours(row.earned_ms)} / {credit_hours(row.required_ms or row.plan.required_ms)}"
    score = str(row.exam_score) if row.exam_score is not None else "—"
    unit = row.learner.unit.name if row.learner.unit else ""
    number = row.certificate.number if row.certificate else "—"
    signed = content.signature(row)
    return [
        row.learner.name,
        unit,
        row.plan.title,
        hours,
        score,
        str(Assignment.State(row.state).label),
        number,
        day(signed.at) if signed else "—",
    ]


def _plan_heads() -> list[str]:
    return [_("培训计划"), _("培训类别"), _("依据"), _("法定学时"), _("应修学时"), _("开启"), _("截止"), _("状态"), _("人数"), _("已完成"),
            _("考试"), _("开启人")]  # fmt: skip


def _plan(row: TrainingPlan) -> Line:
    exam = (
        _("%(n)d 题，%(score)d 分及格") % {"n": row.exam_questions, "score": row.exam_pass_score}
        if row.exam_needed
        else _("不设考试")
    )
    return [row.title, row.requirement_title, row.basis, row.legal_hours or "", _required(row), day(row.opened_at),
            row.due_on.isoformat(), str(TrainingPlan.State(row.state).label), row.people, row.done, exam, row.opened_by]  # type: ignore[attr-defined]  # fmt: skip


def _required(row: TrainingPlan) -> str:
    return wording.hours(row.required_ms // 1000) if row.hours_bound else _("学完全部课程")


def _courses(scope: Scope) -> Iterator[Line]:
    for row in content.courses(scope):
        yield [row.plan.title, row.no, row.code, row.title, row.trainer, row.duration_ms // 60_000]


def _roster(scope: Scope, progress: Progress) -> Iterator[Line]:
    for number, who in enumerate(content.roster(scope), 1):
        hired = who.hired_on.isoformat() if who.hired_on else ""
        yield [who.name, who.masked_id, who.unit, who.position, who.role_label, who.employment_label, hired]
        if number % _SLICE == 0:
            progress("roster", _SLICE)


def _hours_heads() -> list[str]:
    return [
        _("姓名"),
        _("证件号"),
        _("部门"),
        _("培训计划"),
        _("应修学时"),
        _("实修学时"),
        _("开始"),
        _("完成"),
        _("考试成绩"),
        _("状态"),
        _("本人签名"),
        _("签名方式"),
    ]


def _hours(scope: Scope, progress: Progress) -> Iterator[Line]:
    for part in content.slices(scope):
        known = people.learners([row.learner_id for row in part])
        for row in part:
            who = known[row.learner_id]
            score = row.exam_score if row.exam_score is not None else ""
            signed = content.signature(row)
            way = str(SignOff.Method(signed.method).label) if signed else ""
            yield [who.name, who.masked_id, who.unit, row.plan.title, credit_hours(row.required_ms or row.plan.required_ms), credit_hours(row.earned_ms),
                   day(row.started_at), day(row.completed_at), score, str(Assignment.State(row.state).label),
                   moment(signed.at) if signed else "", way]  # fmt: skip
        progress("hours", len(part))


def _class_heads() -> list[str]:
    return [
        _("期号"),
        _("主题"),
        _("培训计划"),
        _("上课"),
        _("下课"),
        _("教师"),
        _("教师资格"),
        _("地点"),
        _("计入人数"),
        _("计入学时合计"),
        _("确认人"),
    ]


def _class(row: OfflineClass) -> Line:
    return [row.number, row.topic, row.plan.title, moment(row.starts_at), moment(row.ends_at), row.trainer.name, row.trainer.qualification,
            row.room.name, row.people, credit_hours(row.earned_ms), _confirmer(row)]  # type: ignore[attr-defined]  # fmt: skip


def _confirmer(row: OfflineClass) -> str:
    return row.confirmed_by.name if row.confirmed_by else ""


def _seats(scope: Scope) -> Iterator[Line]:
    for row in content.seats(scope).iterator(chunk_size=_SLICE):
        unit = row.learner.unit.name if row.learner.unit else ""
        yield [row.klass.number, row.klass.topic, row.learner.name, unit, row.present_ms // 60_000, credit_hours(row.credit_ms)]


def _exams(scope: Scope, progress: Progress) -> Iterator[Line]:
    for part in content.slices(scope):
        duties = {row.pk: row for row in part}
        for one in EXAMS.get().tries(duties):
            row = duties[one.assignment_id]
            unit = row.learner.unit.name if row.learner.unit else ""
            result = _("通过") if one.passed else _("未通过")
            yield [row.learner.name, unit, row.plan.title, one.number, moment(one.at), one.score, result]
        progress("exams", len(part))


def _certificates(scope: Scope, progress: Progress) -> Iterator[Line]:
    today = clock.shanghai_date(clock.now())
    for number, row in enumerate(content.certified(scope).iterator(chunk_size=_SLICE), 1):
        paper = row.certificate
        assert paper is not None  # noqa: S101 - the query asked for it
        body = paper.body
        yield [paper.number, body["name"], body["masked_id"], body["training"], credit_hours(body["earned_ms"]), day(paper.issued_at),
               body.get("valid_until") or _("长期有效"), str(records.STATE_LABELS[records.certificate_state(row, on=today)]),
               f"{platform_origin()}/verify/{paper.code}"]  # fmt: skip
        if number % _SLICE == 0:
            progress("certificates", _SLICE)


def platform_origin() -> str:
    """Return the platform's address for documents that are made without a request."""
    return f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{settings.PLATFORM_HOST}"


def day(at: datetime | None) -> str:
    """Return a day in Zhejiang as ``2026-11-28``, or ""."""
    return clock.shanghai_date(at).isoformat() if at else ""


def moment(at: datetime) -> str:
    """Return a moment in Zhejiang as ``2026-11-28 14:20``."""
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
