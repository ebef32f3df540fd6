"""Writes of plans that follow from learning: exams passed, trainings completed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import queries, rules
from apps.plans.classes import credit
from apps.plans.models import Assignment, Seat
from apps.plans.ports import CREDIT
from apps.plans.shapes import AssignmentView, Standing
from apps.plans.signing import telling
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError


@transaction.atomic
def note_exam_passed(*, assignment_id: int, attempt: UUID, score: int, at: datetime) -> None:
    """Note that the exam of an assignment was passed; the first pass stays.

    :param score: 0-100
    :raises DomainError: ``not_found`` (404)
    """
    row = Assignment.objects.select_for_update().filter(pk=assignment_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这项培训任务，请从首页重新进入。"), status=404)
    if row.exam_passed_at is None:
        row.exam_passed_at, row.exam_score, row.exam_attempt = at, score, attempt
        row.save(update_fields=["exam_passed_at", "exam_score", "exam_attempt"])


@transaction.atomic
def correct_exam(
    *, assignment_id: int, attempt: UUID, score: int, passed: bool, at: datetime, instead: tuple[UUID, int] | None = None
) -> None:
    """Note that the result of a try was corrected: a pass counts from now, one that was none is taken back.

    What is complete stays complete with its certificate (clause 四.2); the figure of the exam follows the correction.

    :param score: 0-100, as corrected
    :param instead: another try of the duty that is passed as results stand now, with its score
    :raises DomainError: ``not_found`` (404)
    """
    row = Assignment.objects.select_for_update().filter(pk=assignment_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这项培训任务，请从首页重新进入。"), status=404)
    if row.exam_attempt == attempt and row.exam_passed_at is not None:
        if instead is not None and not passed:
            row.exam_attempt, row.exam_score = instead
        elif passed or row.state == Assignment.State.COMPLETED:
            row.exam_score = score
        else:
            row.exam_passed_at, row.exam_score, row.exam_attempt = None, None, None
    elif passed and row.exam_passed_at is None:
        row.exam_passed_at, row.exam_score, row.exam_attempt = at, score, attempt
    else:
        return
    row.save(update_fields=["exam_passed_at", "exam_score", "exam_attempt"])


@transaction.atomic
def review_completion(*, learner_id: int, at: datetime) -> list[int]:
    """Bring a learner's open assignments up to date; complete those with hours, all coursewares and exam, with certificate.

    Called after a study session was sealed and after an exam was passed; calling again changes nothing.

    :returns: ids of the assignments completed now
    """
    open_rows = queries.hold_open(learner_id)
    views = [queries.assignment_view(row) for row in open_rows]
    wanted = sorted({key for view in views for key in view.courseware_ids})
    if not wanted:
        return []
    earned = CREDIT.get().earned_ms(learner_id=learner_id, courseware_ids=wanted)
    quizzes = queries.quizzes_done(learner_id, sorted({key for view in views for key in view.quiz_ids}))
    done = [row.pk for row, view in zip(open_rows, views, strict=True) if _review(row, view, earned, quizzes, at)]
    return done + review_completion(learner_id=learner_id, at=at) if done else done  # what waited for one of them


def _review(row: Assignment, view: AssignmentView, earned: dict[int, int], quizzes: frozenset[int], at: datetime) -> bool:
    standing = queries.standing_from(view, earned, quizzes)
    row.earned_ms, row.courses_done = standing.earned_ms, standing.courses_done
    if standing.earned_ms and row.started_at is None:
        row.started_at = at
    if standing.learning_done and (row.exam_passed_at or not row.plan.exam_needed):
        issued = records.issue_certificate(facts=_facts(row, view, standing, earned, at), at=at)
        row.state, row.completed_at, row.certificate_id = Assignment.State.COMPLETED, at, issued.id
        row.required_ms = row.plan.required_ms
    row.save(update_fields=["earned_ms", "required_ms", "courses_done", "started_at", "state", "completed_at", "certificate"])
    if row.state == Assignment.State.COMPLETED:
        telling.ask(row, at=at)
    return row.state == Assignment.State.COMPLETED


def _facts(
    row: Assignment, view: AssignmentView, standing: Standing, earned: dict[int, int], at: datetime
) -> records.CertificateFacts:
    learner, plan = people.learner(row.learner_id), row.plan
    return records.CertificateFacts(
        subject=learner.uuid,
        issued_for=row.uuid,
        name=learner.name,
        masked_id=learner.masked_id,
        training=plan.title,
        training_type=STAGES.get(plan.stage, plan.stage),
        category=plan.requirement_title,
        category_code=rules.category_code(plan.requirement_code),
        basis=plan.basis,
        required_ms=plan.required_ms,
        earned_ms=standing.earned_ms,
        started_on=clock.shanghai_date(row.started_at or at),
        completed_on=clock.shanghai_date(at),
        courses=[
            {
                "code": course.code,
                "title": course.title,
                "trainer": course.trainer,
                "duration_ms": course.duration_ms,
                "earned_ms": sum(earned.get(key, 0) for key in course.coursewares),
            }
            for course in view.courses
        ]
        + [_class(seat) for seat in credit.attended(row.learner_id, row.plan_id)],
        exam_score=row.exam_score,
        exam_pass_score=plan.exam_pass_score if plan.exam_needed else None,
        requirement=plan.requirement_code,
        stage=plan.stage,
    )


def _class(seat: Seat) -> dict[str, Any]:
    """A confirmed class as the certificate lists it, told apart from courses by its code."""
    held = seat.klass
    return {
        "code": credit.code(seat),
        "title": held.topic,
        "trainer": held.trainer.name,
        "duration_ms": held.credit_ms,
        "earned_ms": seat.credit_ms,
    }


STAGES = {"INITIAL": "初次培训", "ANNUAL": "年度再培训", "EVENT": "专项培训"}
"""How certificates call a stage; Chinese in every language, as the certificate is."""
