"""Reads of exams."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exams.models import Attempt
from apps.exams.shapes import AttemptView, ExamState, WrongAnswer
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions


def attempt_view(row: Attempt, *, at: datetime) -> AttemptView:
    """Return the learner's view of a try; the key is not in it."""
    return AttemptView(
        uuid=row.uuid,
        assignment_id=row.assignment_id,
        number=row.number,
        questions=[questions.hide(item) for item in row.paper],
        answers=row.answers,
        pass_score=row.pass_score,
        started_at=row.started_at,
        due_at=row.due_at,
        left_s=max(0, int((row.due_at - at).total_seconds())),
        submitted_at=row.submitted_at,
        score=row.score,
        passed=row.passed,
    )


def own_attempt(uuid: UUID, *, learner_id: int) -> Attempt:
    """Return one try of this learner.

    :raises DomainError: ``not_found`` (404), also for somebody else's
    """
    row = Attempt.objects.filter(uuid=uuid, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", gettext_lazy("没有找到这场考试，请从培训任务重新进入。"), status=404)
    return row


def exam_state(assignment: plans.AssignmentView, *, at: datetime) -> ExamState:
    """Return where the learner of an assignment stands with its exam.

    :raises DomainError: ``no_exam`` where the plan asks for none
    """
    rule = plans.exam_rule(assignment.id)
    rows = list(Attempt.objects.filter(assignment_id=assignment.id).order_by("-number"))
    views = [attempt_view(row, at=at) for row in rows]
    running = next((view for view in views if view.submitted_at is None), None)
    left = max(0, rule.tries - len(rows))
    return ExamState(
        questions=rule.questions,
        pass_score=rule.pass_score,
        minutes=rule.minutes,
        tries=rule.tries,
        tries_left=left,
        open_attempt=running,
        last=next((view for view in views if view.submitted_at), None),
        passed=assignment.exam_passed_at is not None,
        blocked="" if running else why_not(assignment, tries_left=left, at=at),
    )


def why_not(assignment: plans.AssignmentView, *, tries_left: int, at: datetime) -> str:
    """Say in words why a new try cannot start now; "" when it can (hours and courses first: clause 三.5, and what the plan waits for)."""
    if assignment.exam_passed_at is not None:
        return _("您已通过这场考试，不需要再考。")
    if assignment.plan_state != "RUNNING":
        return _("这个培训计划已结束，不能再考试。请联系本单位培训管理员。")
    if tries_left <= 0:
        return _("考试次数已用完，请联系本单位培训管理员安排补考。")
    closed = plans.plan_lock(assignment, today=clock.shanghai_date(at))
    return str(closed.message) if closed is not None else _to_learn(assignment)


def _to_learn(assignment: plans.AssignmentView) -> str:
    now = plans.standing(assignment)
    if not now.hours_ok:
        missing = -(-(assignment.required_ms - now.earned_ms) // 60_000)
        return _("学完规定学时后才能考试，还差 %(minutes)s 分钟。") % {"minutes": max(1, missing)}
    if not now.courses_ok:
        return _("学完全部课程后才能考试，还剩 %(n)s 门课程。") % {"n": now.courses - now.courses_done}
    return ""


def wrong_answers(row: Attempt) -> list[WrongAnswer]:
    """Return the questions of a submitted try that were not answered rightly, with key, explanation and legal basis.

    :raises DomainError: ``not_submitted`` (409) while the try is open
    """
    if row.submitted_at is None:
        raise DomainError("not_submitted", gettext_lazy("交卷后才能查看答案。"), status=409)
    return [
        WrongAnswer(item["no"], item["stem"], item["kind"], item["options"], row.answers.get(str(item["no"]), []),
                    item["answer"], item["explanation"], item["basis"])
        for item in row.paper
        if not questions.is_right(item, row.answers.get(str(item["no"]), []))
    ]  # fmt: skip
