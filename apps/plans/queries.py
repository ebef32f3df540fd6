"""Reads of plans for other rooms: one learner's duties."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from apps.plans import rules
from apps.plans.classes import credit
from apps.plans.models import Assignment, PlanCourse, TrainingPlan
from apps.plans.ports import CREDIT
from apps.plans.shapes import AssignmentView, ExamRule, LessonView, PaperUse, PlanCourseView, RunningExam, Standing
from infra.kit.errors import DomainError
from tenants.database.compiled import Compiled

DUE = Greatest("due_on", "plan__due_on")
"""The day by which a duty is due: the plan's, or a later one of somebody who came in late. NULL never wins in PostgreSQL."""


def course_view(row: PlanCourse) -> PlanCourseView:
    """Return the view of a frozen course."""
    lessons = [LessonView(item["id"], item["title"], item["duration_ms"], item.get("quiz", False)) for item in row.coursewares]
    return PlanCourseView(
        row.version_id, row.code, row.title, row.trainer, [lesson.id for lesson in lessons], lessons, row.duration_ms
    )


def assignment_view(row: Assignment, held: Iterable[PlanCourse] | None = None) -> AssignmentView:
    """Return the view of an assignment that was read here. A completed one keeps the hours and courses that it was completed with.

    :param held: the plan's courses in their order, where the row does not bring them
    """
    plan, done_at = row.plan, row.completed_at
    held = plan.courses.all() if held is None else held
    courses = [one for one in held if done_at is None or one.added_at is None or one.added_at <= done_at]
    return AssignmentView(
        id=row.pk,
        uuid=row.uuid,
        plan_id=plan.pk,
        plan_uuid=plan.uuid,
        plan_title=plan.title,
        plan_state=plan.state,
        basis=plan.basis,
        learner_id=row.learner_id,
        required_ms=plan.required_ms if row.required_ms is None else row.required_ms,
        hours_bound=plan.hours_bound,
        earned_ms=row.earned_ms,
        due_on=max(plan.due_on, row.due_on or plan.due_on),
        state=row.state,
        assigned_at=row.assigned_at,
        exam_needed=plan.exam_needed,
        exam_score=row.exam_score,
        exam_passed_at=row.exam_passed_at,
        completed_at=row.completed_at,
        certificate_id=row.certificate_id,
        courses=[course_view(course) for course in courses],
        starts_on=plan.starts_on,
        in_order=plan.in_order,
        prerequisite=plan.prerequisite.title if plan.prerequisite else "",
        prerequisite_done=row.prerequisite_done,  # type: ignore[attr-defined]
        level=plan.level,
        **_offline(row),
    )


def _offline(row: Assignment) -> dict[str, int]:
    """What classes count and what they should; of rows that were read here."""
    done, due = getattr(row, "offline_ms", 0), getattr(row, "offline_due_ms", 0)
    return {"offline_ms": credit.counted_ms(done, due, row.plan.required_ms), "offline_due_ms": due}


def _bare() -> QuerySet[Assignment]:
    """Return assignments with plan, ``offline_ms`` of confirmed classes, and whether the plan that comes first is done."""
    done = [Assignment.State.COMPLETED, Assignment.State.EXEMPT]
    first = Assignment.objects.filter(plan=OuterRef("plan__prerequisite"), learner=OuterRef("learner"), state__in=done)
    rows = Assignment.objects.select_related("plan__prerequisite").annotate(prerequisite_done=Exists(first))
    return rows.annotate(offline_ms=credit.offline_of_assignment(), offline_due_ms=credit.due_of_assignment())


def loaded() -> QuerySet[Assignment]:
    """Return assignments with all that :func:`assignment_view` asks for; two queries."""
    return _bare().prefetch_related(Prefetch("plan__courses", queryset=PlanCourse.objects.order_by("no")))


def _own(uuid: UUID, learner_id: int) -> QuerySet[Assignment]:
    return _bare().filter(uuid=uuid, learner_id=learner_id)


def _of_learner(learner: int) -> QuerySet[Assignment]:
    rows = _bare().filter(learner_id=learner).exclude(state=Assignment.State.EXEMPT)
    return rows.order_by("state", DUE, "id")


def _open_of_learner(learner: int) -> QuerySet[Assignment]:
    rows = _bare().filter(learner_id=learner, state=Assignment.State.ASSIGNED)
    return rows.select_for_update(of=("self",)).order_by("id")


_OF_LEARNER, _OPEN_HELD = Compiled(_of_learner), Compiled(_open_of_learner)
_OWN = Compiled(_own)
_OWN_HELD = Compiled(lambda **names: _own(**names).select_for_update(of=("self",)))
_BY_ID = Compiled(lambda pk: _bare().filter(pk=pk))
_COURSES = Compiled(lambda plan: PlanCourse.objects.filter(plan=plan).order_by("no"))


def _found(row: Assignment | None) -> Assignment:
    if row is None:
        raise _no_duty()
    return row


def _no_duty() -> DomainError:
    return DomainError("not_found", _("没有找到这项培训任务，请从首页重新进入。"), status=404)


def _whole(row: Assignment) -> AssignmentView:
    return assignment_view(row, _COURSES.all(plan=row.plan_id))


def _with_courses(rows: list[Assignment]) -> list[Assignment]:
    prefetch_related_objects(rows, Prefetch("plan__courses", queryset=PlanCourse.objects.order_by("no")))
    return rows


def assignments_of(learner_id: int) -> list[AssignmentView]:
    """Return a learner's duties: open ones by deadline, then the completed ones; without those that the learner is let off. Two queries."""
    return [assignment_view(row) for row in _with_courses(_OF_LEARNER.all(learner=learner_id))]


def hold_open(learner_id: int) -> list[Assignment]:
    """Lock a learner's open duties until the transaction ends, and return them for :func:`assignment_view`; two queries."""
    return _with_courses(_OPEN_HELD.all(learner=learner_id))


def assignment(uuid: UUID, *, learner_id: int) -> AssignmentView:
    """Return one duty of this learner.

    :raises DomainError: ``not_found`` (404), also for somebody else's
    """
    return _whole(_found(_OWN.first(uuid=uuid, learner_id=learner_id)))


def duty_with_exam(uuid: UUID, *, learner_id: int, hold: bool = False) -> tuple[AssignmentView, ExamRule]:
    """Return one duty of this learner and how its exam is held; two queries, for many may begin at once.

    :param hold: lock the duty until the transaction ends, so that two tabs take turns
    :raises DomainError: ``not_found`` (404), also for somebody else's; ``no_exam`` where the plan asks for none
    """
    row = _found((_OWN_HELD if hold else _OWN).first(uuid=uuid, learner_id=learner_id))
    return _whole(row), _rule_of(row.plan)


def assignment_by_id(assignment_id: int) -> AssignmentView:
    """Return one duty of whichever learner; for rooms that hold its id.

    :raises DomainError: ``not_found`` (404)
    """
    return _whole(_found(_BY_ID.first(pk=assignment_id)))


def assignment_ids_of(plan_id: int) -> QuerySet[Assignment, int]:
    """Return the ids of a plan's assignments, to be used within another query."""
    return Assignment.objects.filter(plan=plan_id).values_list("pk", flat=True)


def hold(assignment_id: int) -> None:
    """Lock an assignment until the transaction ends, so that two tabs take turns."""
    Assignment.objects.select_for_update().filter(pk=assignment_id).values_list("pk").first()


def allows(assignment: AssignmentView, courseware_id: int) -> bool:
    """Say whether the assignment lets its learner study this courseware now: it is part of the plan, and the plan runs."""
    return assignment.plan_state == TrainingPlan.State.RUNNING and courseware_id in assignment.courseware_ids


def exam_rule(assignment_id: int) -> ExamRule:
    """Return how the exam of an assignment's plan is held.

    :raises DomainError: ``not_found`` (404); ``no_exam`` where the plan asks for none
    """
    plan = TrainingPlan.objects.filter(assignments=assignment_id).first()
    if plan is None:
        raise _no_duty()
    return _rule_of(plan)


def _rule_of(plan: TrainingPlan) -> ExamRule:
    if not plan.exam_needed:
        raise DomainError("no_exam", _("这项培训不设考试。"))
    return ExamRule.of(plan, topics=plan.exam_topics)


def running_exams() -> list[RunningExam]:
    """Return the exams of running plans, samples left out; one query."""
    rows = TrainingPlan.objects.filter(state=TrainingPlan.State.RUNNING, exam_needed=True, sample=False).order_by("pk")
    return [RunningExam(row.uuid, row.title, ExamRule.of(row, topics=row.exam_topics)) for row in rows]


def plans_with_papers(revisions: Iterable[UUID]) -> list[PaperUse]:
    """Return the plans whose exam takes one of these revisions of papers, running ones first; one query."""
    rows = TrainingPlan.objects.filter(exam_paper__in=list(revisions), exam_needed=True).order_by("-state", "-opened_at")
    return [PaperUse(row.exam_paper, row.uuid, row.title, row.state) for row in rows if row.exam_paper]


def standing(view: AssignmentView) -> Standing:
    """Count where a learner stands, from the credit engine."""
    credit = CREDIT.get()
    earned = credit.earned_ms(learner_id=view.learner_id, courseware_ids=view.courseware_ids)
    return standing_from(view, earned, quizzes_done(view.learner_id, view.quiz_ids))


def quizzes_done(learner_id: int, quiz_ids: Sequence[int]) -> frozenset[int]:
    """Return those quizzes that the learner has passed; asks nobody where there are none."""
    return CREDIT.get().quizzes_done(learner_id=learner_id, courseware_ids=quiz_ids) if quiz_ids else frozenset()


def held(learner_id: int, views: Iterable[AssignmentView]) -> frozenset[int]:
    """Return the coursewares that are learnt and wait for their course's quiz; asks nobody where there are no quizzes."""
    wanted = sorted({key for view in views if view.quiz_ids for key in view.courseware_ids})
    return CREDIT.get().held(learner_id=learner_id, courseware_ids=wanted) if wanted else frozenset()


def standing_from(view: AssignmentView, earned: Mapping[int, int], quizzes: Collection[int] = frozenset()) -> Standing:
    """Count where a learner stands; what classes count is in the view.

    :param earned: courseware id -> confirmed ms
    :param quizzes: coursewares that are quizzes and passed
    """
    total = sum(earned.get(key, 0) for key in set(view.courseware_ids)) + view.offline_ms
    done = rules.finished_courses(parts(view.courses), earned, quizzes)
    courses_ok, offline_ok = done == len(view.courses), view.offline_ms >= view.offline_due_ms
    hours_ok = offline_ok and (total >= view.required_ms if view.hours_bound else courses_ok)
    is_free = not view.prerequisite or view.prerequisite_done or view.state == Assignment.State.COMPLETED
    return Standing(total, done, len(view.courses), hours_ok, courses_ok, is_free)


def is_course_finished(course: PlanCourseView, earned: Mapping[int, int]) -> bool:
    """Say whether every courseware of a course is complete.

    :param earned: courseware id -> confirmed ms
    """
    return rules.finished_courses(lengths([course]), earned) == 1


def lengths(courses: Iterable[PlanCourseView]) -> list[dict[int, int]]:
    """Return for each course the lengths in ms of what is watched or read of it; quizzes are left out."""
    return [{lesson.id: lesson.duration_ms for lesson in course.lessons if not lesson.is_quiz} for course in courses]


def parts(courses: Iterable[PlanCourseView]) -> list[dict[int, int]]:
    """Return for each course all coursewares with their lengths in ms, 0 of a quiz: what a complete course needs."""
    return [{lesson.id: lesson.duration_ms for lesson in course.lessons} for course in courses]
