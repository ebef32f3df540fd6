"""A learner's trainings as a file tells them: fills `records.TRAININGS`."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.plans import queries
from apps.plans.classes import credit
from apps.plans.models import Assignment, OfflineClass, PlanCourse, Seat, TrainingPlan
from apps.plans.services import STAGES
from apps.records import api as records
from apps.records.api import Table, TrainingFields
from infra.kit import clock
from infra.ui import wording
from public.catalogue import api as catalogue

NONE = "—"


def number(plan: TrainingPlan) -> str:
    """Return the number of a plan within the enterprise, e.g. ``JH-2026-0012``."""
    return f"JH-{clock.shanghai_date(plan.opened_at):%Y}-{plan.pk:04d}"


def required(plan: TrainingPlan, row: Assignment | None = None) -> str:
    """Return what a plan asks for, or what it asked for when somebody completed it."""
    ms = row.required_ms if row is not None and row.required_ms is not None else plan.required_ms
    return wording.hours(ms // 1000) if plan.hours_bound else _("学完全部课程")


class TrainingsOfFiles:
    """Plug for `apps.records.ports.TRAININGS`."""

    def trainings(self, subject: UUID) -> list[TrainingFields]:
        """Return a learner's trainings, newest first; four queries."""
        rows = queries.loaded().filter(learner__uuid=subject).exclude(state=Assignment.State.EXEMPT)
        rows = records.with_certificate_state(rows, at="certificate__")
        found = list(rows.select_related("plan__prerequisite", "certificate").order_by("-assigned_at", "-id"))
        seats: dict[int, list[Seat]] = defaultdict(list)
        seated = Seat.objects.filter(learner__uuid=subject).exclude(klass__state=OfflineClass.State.CANCELLED)
        for seat in seated.select_related("klass").order_by("klass__starts_at"):
            seats[seat.klass.plan_id].append(seat)
        labels = catalogue.labels({course.version_id for row in found for course in row.plan.courses.all()})
        return [_training(row, seats[row.plan_id], labels) for row in found]


def _training(row: Assignment, seats: list[Seat], labels: dict[int, Any]) -> TrainingFields:
    plan, done_at = row.plan, row.completed_at
    courses = [one for one in plan.courses.all() if done_at is None or one.added_at is None or one.added_at <= done_at]
    return TrainingFields(
        assignment=row.uuid,
        assignment_id=row.pk,
        title=plan.title,
        is_done=row.state == Assignment.State.COMPLETED,
        facts=_facts(row, seats, courses),
        courses=_courses(row, courses, labels),
        classes=frozenset(str(seat.klass.uuid) for seat in seats),
        course_codes=frozenset(course.code for course in courses),
        certificate=row.certificate.uuid if row.certificate else None,
    )


def _facts(row: Assignment, seats: list[Seat], courses: list[PlanCourse]) -> list[tuple[str, str]]:
    plan = row.plan
    offline_ms = credit.counted_ms(row.offline_ms, row.offline_due_ms, plan.required_ms)  # type: ignore[attr-defined]
    way = _("线上线下结合") if courses and seats else _("线下") if seats else _("线上")
    day = clock.shanghai_date
    begun = day(row.started_at).isoformat() if row.started_at else _("未开始")
    ended = day(row.completed_at).isoformat() if row.completed_at else _("进行中")
    earned = wording.hours(row.earned_ms // 1000)
    if offline_ms:
        earned = _("%(all)s，其中线下 %(off)s") % {"all": earned, "off": wording.hours(offline_ms // 1000)}
    return [
        (_("培训类别"), plan.requirement_title),
        (_("培训类型"), STAGES.get(plan.stage, plan.stage)),
        (_("级别"), plan.level or NONE),
        (_("计划号"), number(plan)),
        (_("期号"), "、".join(seat.klass.number for seat in seats) or number(plan)),
        (_("依据"), plan.basis),
        (_("方式"), way),
        (_("应修学时"), required(plan, row)),
        (_("实修学时"), earned),
        (_("起止日期"), f"{begun} — {ended}"),
        (_("截止日期"), max(plan.due_on, row.due_on or plan.due_on).isoformat()),
        (_("状态"), str(Assignment.State(row.state).label)),
        (_("考核结论"), _result(row)),
        (_("证明编号"), row.certificate.number if row.certificate else NONE),
        *([(_("证明状态"), worth(row, day(clock.now())))] if row.certificate else []),
        (_("组织人"), plan.opened_by),
    ]


def worth(row: Any, on: date) -> str:
    """Return what the certificate of a row of `records.with_certificate_state` is worth on a day, with its last day."""
    state = str(records.STATE_LABELS[records.certificate_state(row, on=on)])
    return _("%(state)s，有效期至 %(day)s") % {"state": state, "day": row.valid_until} if row.valid_until else state


def _result(row: Assignment) -> str:
    if not row.plan.exam_needed:
        return _("本计划不设考试")
    if row.exam_score is None:
        return _("未考核")
    return _("合格，%(n)d 分") % {"n": row.exam_score}


def _courses(row: Assignment, courses: list[PlanCourse], labels: dict[int, Any]) -> Table:
    earned = {one["code"]: one["earned_ms"] for one in row.certificate.body["courses"]} if row.certificate else {}
    heads = [_("序号"), _("课程编号"), _("版本"), _("课程名称"), _("教师"), _("课程时长"), _("确认时长")]
    rows = [
        [str(no), one.code, version(labels.get(one.version_id)), one.title, one.trainer,
         wording.duration(one.duration_ms // 1000), wording.duration(earned[one.code] // 1000) if one.code in earned else NONE]
        for no, one in enumerate(courses, 1)
    ]  # fmt: skip
    return Table(_("课程"), heads, rows, (1, 4, 2, 6, 3, 3, 3))


def version(label: Any) -> str:
    """Return which version of a course it was, or a dash where the catalogue no longer shows it."""
    return _("第 %(n)d 版") % {"n": label.number} if label else NONE
