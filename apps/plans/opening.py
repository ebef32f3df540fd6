"""Writes of plans by managers: open one, or an induction in levels; add learners; close."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.plans import assigning, rules
from apps.plans.assigning import Who
from apps.plans.checking import (
    check_courses,
    check_due,
    check_exam,
    check_hazard,
    check_hours,
    check_levels,
    check_newcomer_days,
    check_prerequisite,
    check_renewal,
    check_title,
)
from apps.plans.classes import blending
from apps.plans.models import PlanCourse, TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.running import following
from apps.plans.shapes import ExamPolicy
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.api import current_site


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """What a manager asks for.

    :param hours: credit hours; None takes the law's number, or "finish all courses" where the law names none
    :param version_ids: published course versions, in playing order
    :param offline_hours: of the hours, those to be earned in classes; courses must be as long as the rest
    :param exam_paper: revision of a paper; its number of questions counts then; None draws from the courses' topics
    :param starts_on: nothing may be studied before; None: at once
    :param newcomer_days: days that who comes in later has at least; None: the plan's deadline for all
    :param in_order: a course opens when those before it are complete
    :param prerequisite: plan that must be completed first
    :param renew_yearly: a refresher opens by itself a year after completion
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
    exam_paper: UUID | None = None
    exam_policy: ExamPolicy = field(default_factory=ExamPolicy)
    offline_hours: int = 0
    starts_on: date | None = None
    newcomer_days: int | None = None
    in_order: bool = False
    prerequisite: UUID | None = None
    renew_yearly: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an induction: its name in the law's row, credit hours, courses in playing order."""

    name: str
    hours: int
    version_ids: list[int]


@transaction.atomic
def open_plan(*, order: PlanOrder, who: Who, by: str, at: datetime) -> UUID:
    """Open a plan: freeze the law's row and the course versions, assign the learners, keep the rule that names them.

    :param by: name of the manager
    :returns: uuid of the plan
    :raises DomainError: ``below_the_law``, ``offline_hours``, ``due_not_after_start``, ``no_courses``, ``course_gone``, ``course_not_ready``,
        ``courses_too_short``, ``exam_rule``, ``exam_policy``, ``bank_too_small``, ``paper_gone``, ``nobody``, ``not_found``, ``wrong_hazard``;
        ``no_refresher``; 409 ``takes_everyone``, ``prerequisite_closed``
    """
    row = catalogue.requirement(order.requirement_id)
    hours = check_hours(order.hours, row)
    plan = _made(order, row, hours=hours, floor=row.hours, by=by, at=at)
    _assign(plan, who, by=by, at=at, is_first=True)
    return plan.uuid


@transaction.atomic
def open_induction(*, order: PlanOrder, levels: Sequence[Level], who: Who, by: str, at: datetime) -> list[UUID]:
    """Open an induction as one plan for each level; each level asks for the one before it and is a record of its own.

    ``order.hours`` and ``order.version_ids`` do not count, the levels say theirs; only the last one is renewed.

    :returns: uuids of the plans, first level first
    :raises DomainError: as :func:`open_plan`; ``no_levels``, ``level_hours``
    """
    row = catalogue.requirement(order.requirement_id)
    if [level.name for level in levels] != list(row.levels):
        raise DomainError("no_levels", _("这个模板不分级，请去掉分级或换一个模板。"))
    check_levels([level.hours for level in levels], row)
    induction, before, found = uuid4(), order.prerequisite, []
    for level in levels:
        title = f"{check_title(order.title)[: 78 - len(level.name)]}（{level.name}）"
        is_last = level is levels[-1]
        asked = replace(
            order,
            title=title,
            version_ids=level.version_ids,
            offline_hours=0,
            prerequisite=before,
            renew_yearly=order.renew_yearly and is_last,
        )
        floor = level.hours if row.hours else None
        plan = _made(asked, row, hours=level.hours, floor=floor, by=by, at=at, level=level.name, induction=induction)
        _assign(plan, who, by=by, at=at, is_first=True)
        before = plan.uuid
        found.append(plan.uuid)
    return found


def _made(
    order: PlanOrder, row: catalogue.RequirementView, *, hours: int | None, floor: int | None, by: str, at: datetime, **more: Any
) -> TrainingPlan:
    """Write a plan with its frozen courses.

    :param floor: legal hours that it may never fall below
    """
    hazard, today = current_site().hazard, clock.shanghai_date(at)
    check_hazard(row, hazard)
    check_due(order.due_on, today=today, starts_on=order.starts_on)
    if order.renew_yearly:
        check_renewal(row.code, on=today, hazard=hazard)
    offline_ms = blending.check(order.offline_hours, hours)
    chosen = check_courses(order.version_ids, required_ms=(hours or 0) * rules.HOUR_MS - offline_ms)
    topics = sorted({topic for course in chosen for topic in course.question_topics})
    check_exam(order, topics)
    paper = PAPERS.get().take(order.exam_paper, at=at) if order.exam_needed and order.exam_paper else None
    total_ms = sum(lesson.duration_ms for course in chosen for lesson in course.coursewares)
    plan = TrainingPlan.objects.create(
        title=check_title(order.title),
        requirement_id=row.id,
        requirement_code=row.code,
        requirement_title=row.title,
        stage=row.stage,
        basis=row.basis,
        legal_hours=floor,
        hours_bound=hours is not None,
        required_ms=hours * rules.HOUR_MS if hours is not None else total_ms + offline_ms,
        starts_on=order.starts_on,
        due_on=order.due_on,
        newcomer_days=check_newcomer_days(order.newcomer_days),
        in_order=order.in_order,
        prerequisite=check_prerequisite(order.prerequisite),
        renew_yearly=order.renew_yearly,
        exam_needed=order.exam_needed,
        exam_topics=topics,
        exam_questions=paper.questions if paper else order.exam_questions,
        exam_pass_score=order.exam_pass_score,
        exam_minutes=order.exam_minutes,
        exam_tries=order.exam_tries,
        exam_paper=paper.uuid if paper else None,
        exam_policy=order.exam_policy.as_json(),
        opened_by=by,
        opened_at=at,
        **more,
    )
    blending.blend(plan, offline_ms)
    PlanCourse.objects.bulk_create(frozen(plan, no, course) for no, course in enumerate(chosen, 1))
    return plan


def frozen(plan: TrainingPlan, no: int, course: catalogue.CourseView) -> PlanCourse:
    """Return the unsaved copy of a course as the plan keeps it."""
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
def add_learners(*, plan_uuid: UUID, who: Who, at: datetime, by: str = "") -> int:
    """Assign more learners to a running plan; those already in it stay as they are.

    :param by: name of the manager; kept with the rule where ``who.keep``
    :returns: how many were added
    :raises DomainError: ``not_found`` (404); 409 ``plan_closed``, ``takes_everyone``, ``sample_plan``
    """
    plan = running(plan_uuid)
    if plan.sample:
        raise DomainError("sample_plan", _("示例计划只用来看样子，不能加人。请新建一个培训计划。"), status=409)
    return _assign(plan, who, by=by, at=at)


def _assign(plan: TrainingPlan, who: Who, *, by: str, at: datetime, is_first: bool = False) -> int:
    if who.keep:
        assigning.refuse_everybody([who.choice] if who.says_whom else [], confirmed=who.confirmed)
    ids = assigning.meant_ids(who)
    added = assigning.assign(plan, ids, at=at)
    following.tell_assigned(plan, ids, at=at)
    if is_first and not added:
        raise DomainError("nobody", _("没有选中任何在册学员，请先选择人员或导入学员。"))
    if who.keep:
        assigning.keep_rule(plan, who, by=by, at=at)
    return added


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
