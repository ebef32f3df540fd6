"""Writes of plans by managers: open, add learners, close."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import rules
from apps.plans.classes import blending
from apps.plans.models import Assignment, PlanCourse, TrainingPlan
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.api import current_site

_SLICE = 1000


@dataclass(frozen=True, slots=True)
class Who:
    """Which learners: everybody on the books, one unit (with all below it), one role, or picked ids."""

    kind: Literal["all", "unit", "role", "picked"] = "all"
    unit_id: int | None = None
    role: str = ""
    learner_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """What a manager asks for.

    :param hours: credit hours; None takes the law's number, or "finish all courses" where the law names none
    :param version_ids: published course versions, in playing order
    :param offline_hours: of the hours, those to be earned in classes; courses must be as long as the rest
    """

    title: str
    requirement_id: int
    version_ids: list[int]
    due_on: date
    hours: int | None = None
    exam_needed: bool = True
    exam_questions: int = 10
    exam_pass_score: int = 80
    exam_minutes: int = 30
    exam_tries: int = 3
    offline_hours: int = 0


@transaction.atomic
def open_plan(*, order: PlanOrder, who: Who, by: str, at: datetime) -> UUID:
    """Open a plan: freeze the law's row and the course versions, assign the learners.

    :param by: name of the manager
    :returns: uuid of the plan
    :raises DomainError: ``below_the_law``, ``offline_hours``, ``due_not_after_start``, ``no_courses``, ``course_gone``, ``course_not_ready``,
        ``courses_too_short``, ``exam_rule``, ``bank_too_small``, ``nobody``, ``not_found``, ``wrong_hazard``
    """
    row = catalogue.requirement(order.requirement_id)
    check_hazard(row, current_site().hazard)
    check_due(order.due_on, today=clock.shanghai_date(at))
    hours = check_hours(order.hours, row)
    offline_ms = blending.check(order.offline_hours, hours)
    chosen = check_courses(order.version_ids, required_ms=(hours or 0) * rules.HOUR_MS - offline_ms)
    topics = sorted({topic for course in chosen for topic in course.question_topics})
    check_exam(order, topics)
    total_ms = sum(lesson.duration_ms for course in chosen for lesson in course.coursewares)
    plan = TrainingPlan.objects.create(
        title=check_title(order.title),
        requirement_id=row.id,
        requirement_code=row.code,
        requirement_title=row.title,
        stage=row.stage,
        basis=row.basis,
        legal_hours=row.hours,
        hours_bound=hours is not None,
        required_ms=hours * rules.HOUR_MS if hours is not None else total_ms + offline_ms,
        due_on=order.due_on,
        exam_needed=order.exam_needed,
        exam_topics=topics,
        exam_questions=order.exam_questions,
        exam_pass_score=order.exam_pass_score,
        exam_minutes=order.exam_minutes,
        exam_tries=order.exam_tries,
        opened_by=by,
        opened_at=at,
    )
    blending.blend(plan, offline_ms)
    PlanCourse.objects.bulk_create(_frozen(plan, no, course) for no, course in enumerate(chosen, 1))
    if not _assign(plan, who, at):
        raise DomainError("nobody", _("没有选中任何在册学员，请先选择人员或导入学员。"))
    return plan.uuid


def _frozen(plan: TrainingPlan, no: int, course: catalogue.CourseView) -> PlanCourse:
    lessons = [{"id": item.id, "title": item.title, "duration_ms": item.duration_ms} for item in course.coursewares]
    return PlanCourse(
        plan=plan,
        no=no,
        version_id=course.card.version_id,
        code=course.card.code,
        title=course.card.title,
        trainer=course.card.trainer,
        coursewares=lessons,
        duration_ms=sum(item.duration_ms for item in course.coursewares),
    )


@transaction.atomic
def add_learners(*, plan_uuid: UUID, who: Who, at: datetime) -> int:
    """Assign more learners to a running plan; those already in it stay as they are.

    :returns: how many were added
    :raises DomainError: ``not_found`` (404), ``plan_closed``
    """
    return _assign(running(plan_uuid), who, at)


@transaction.atomic
def close_plan(*, plan_uuid: UUID, at: datetime) -> None:
    """End a running plan; what was earned and issued stays.

    :raises DomainError: ``not_found`` (404), ``plan_closed``
    """
    plan = running(plan_uuid)
    plan.state, plan.closed_at = TrainingPlan.State.CLOSED, at
    plan.save(update_fields=["state", "closed_at"])


def running(plan_uuid: UUID) -> TrainingPlan:
    """Lock and return a running plan.

    :raises DomainError: ``not_found`` (404), ``plan_closed``
    """
    plan = TrainingPlan.objects.select_for_update().filter(uuid=plan_uuid).first()
    if plan is None:
        raise DomainError("not_found", _("没有找到这个培训计划，请从计划列表重新进入。"), status=404)
    if plan.state != TrainingPlan.State.RUNNING:
        raise DomainError("plan_closed", _("这个计划已结束，不能再修改。可以新建一个计划。"), status=409)
    return plan


def _assign(plan: TrainingPlan, who: Who, at: datetime) -> int:
    before = plan.assignments.count()
    for ids in chosen_learners(who):
        rows = [Assignment(plan=plan, learner_id=key, assigned_at=at) for key in ids]
        Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    return plan.assignments.count() - before


def chosen_learners(who: Who) -> Iterator[list[int]]:
    """Yield the ids of the chosen active learners, at most 1,000 at a time.

    :raises DomainError: ``unknown_learner`` when a picked one is not on the books of this enterprise
    """
    if who.kind == "picked":
        found = [view.id for view in people.learners(who.learner_ids).values() if view.is_active]
        if len(found) != len(set(who.learner_ids)):
            raise DomainError("unknown_learner", _("所选人员中有人已归档或不属于本单位，请重新选择。"))
        yield found
        return
    unit_id = who.unit_id if who.kind == "unit" else None
    role = who.role if who.kind == "role" else ""
    if (who.kind == "unit" and unit_id is None) or (who.kind == "role" and not role):
        raise DomainError("nobody", _("请先选择部门或人员类别。"))
    offset = 0
    while ids := [v.id for v in people.search_learners(unit_id=unit_id, role=role, limit=_SLICE, offset=offset)]:
        yield ids
        offset += _SLICE


def check_hazard(row: catalogue.RequirementView, hazard: str) -> None:
    """Refuse a row of the law that is for the other kind of enterprise (arts. 9, 13: high-risk ones need more hours).

    :raises DomainError: ``wrong_hazard``
    """
    if not rules.fits_hazard(row.code, hazard):
        raise DomainError("wrong_hazard", _("这个模板不适用于本企业的风险类别，请换一个模板。"))


def check_title(title: str) -> str:
    """Return the title trimmed.

    :raises DomainError: ``title`` when empty or over 80 characters
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= 80:
        raise DomainError("title", _("请填写计划名称，不超过 80 个字。"))
    return title


def check_due(due_on: date, *, today: date) -> None:
    """Refuse a deadline that is not after today, or beyond three years.

    :raises DomainError: ``due_not_after_start``
    """
    if not rules.due_allowed(due_on, today=today):
        raise DomainError("due_not_after_start", _("截止日期要晚于今天，并且在三年以内。"))


def check_hours(hours: int | None, row: catalogue.RequirementView) -> int | None:
    """Return the hours a plan asks for; None means "finish all courses".

    :raises DomainError: ``below_the_law``, ``too_many_hours``
    """
    wanted = row.hours if hours is None else hours
    if wanted is None or (wanted == 0 and row.hours is None):
        return None
    if wanted < (row.hours or 1):
        message = _("应修学时不能少于 %(floor)s 学时（依据：%(basis)s），请调高。")
        raise DomainError("below_the_law", message % {"floor": row.hours or 1, "basis": row.basis}, floor=row.hours)
    if not rules.hours_allowed(wanted, row.hours):
        raise DomainError("too_many_hours", _("应修学时最多 %(most)s 学时，请调低。") % {"most": rules.MAX_HOURS})
    return wanted


def check_courses(version_ids: list[int], *, required_ms: int) -> list[catalogue.CourseView]:
    """Return the chosen courses with their lessons, in the given order.

    :raises DomainError: ``no_courses``, ``too_many_courses``, ``course_gone``, ``course_not_ready``, ``courses_too_short``
    """
    wanted = list(dict.fromkeys(version_ids))
    if not wanted:
        raise DomainError("no_courses", _("请至少选择一门课程。"))
    if len(wanted) > rules.MAX_COURSES:
        raise DomainError("too_many_courses", _("一个计划最多 %(most)s 门课程，请分成几个计划。") % {"most": rules.MAX_COURSES})
    live = {card.version_id for card in catalogue.published(version_ids=wanted) if card.state == "PUBLISHED"}
    if not live.issuperset(wanted):
        raise DomainError("course_gone", _("所选课程中有的已下架或更新，请刷新课程列表后重新选择。"))
    chosen = [catalogue.course(key) for key in wanted]
    for course in chosen:
        if not course.coursewares or any(item.duration_ms <= 0 for item in course.coursewares):
            message = _("课程“%(title)s”的视频还在制作中，请稍后再选或先去掉它。")
            raise DomainError("course_not_ready", message % {"title": course.card.title})
    total_ms = sum(item.duration_ms for course in chosen for item in course.coursewares)
    if total_ms < required_ms:
        short = -(-(required_ms - total_ms) // 60_000)
        message = _("所选课程总时长不够应修学时，还差 %(minutes)s 分钟的课程，请继续添加。")
        raise DomainError("courses_too_short", message % {"minutes": short}, short_minutes=short)
    return chosen


def check_exam(order: PlanOrder, topics: list[str]) -> None:
    """Refuse exam numbers out of range, and a bank that cannot fill the paper.

    :raises DomainError: ``exam_rule``, ``bank_too_small``
    """
    if not order.exam_needed:
        return
    bounds = (
        (1, order.exam_questions, 100),
        (60, order.exam_pass_score, 100),
        (5, order.exam_minutes, 240),
        (1, order.exam_tries, 10),
    )
    if not all(low <= value <= high for low, value, high in bounds):
        raise DomainError("exam_rule", _("考试设置超出范围：题数 1-100，及格线 60-100 分，时长 5-240 分钟，次数 1-10 次。"))
    catalogue.draw_questions(topics=topics, count=order.exam_questions, seed=0)
