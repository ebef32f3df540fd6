"""Writes of exams. Every time is the server's; every result is made once."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams import queries, rules
from apps.exams.models import Attempt
from apps.exams.shapes import AttemptView
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import canonical
from infra.kit.errors import DomainError
from public.questions import api as questions


def start(*, assignment_uuid: UUID, learner_id: int, at: datetime) -> AttemptView:
    """Begin a try, or return the one that is open (two tabs share it). An expired open try is submitted first.

    :raises DomainError: ``not_found`` (404), ``no_exam``, ``exam_blocked`` (409) with the reason in words, ``bank_too_small``
    """
    close_expired(learner_id=learner_id, at=at)
    with transaction.atomic():
        assignment = plans.assignment(assignment_uuid, learner_id=learner_id)
        plans.hold(assignment.id)
        assignment = plans.assignment(assignment_uuid, learner_id=learner_id)
        state = queries.exam_state(assignment, at=at)
        if state.open_attempt:
            return state.open_attempt
        if state.blocked:
            raise DomainError("exam_blocked", state.blocked, status=409)
        return queries.attempt_view(_draw(assignment, number=state.tries - state.tries_left + 1, at=at), at=at)


def _draw(assignment: plans.AssignmentView, *, number: int, at: datetime) -> Attempt:
    rule = plans.exam_rule(assignment.id)
    seed = secrets.randbits(63)
    drawn = questions.draw(topics=rule.question_topics, count=rule.questions, seed=seed)
    return Attempt.objects.create(
        assignment_id=assignment.id,
        learner_id=assignment.learner_id,
        number=number,
        paper=questions.lay_out(drawn, seed=seed),
        pass_score=rule.pass_score,
        started_at=at,
        due_at=at + timedelta(minutes=rule.minutes),
    )


@transaction.atomic
def answer(*, attempt_uuid: UUID, learner_id: int, no: int, choice: list[str], at: datetime) -> int:
    """Save the answer to one question; the newest wins, an empty choice clears it.

    :param no: number of the question on the paper, from 1
    :param choice: option keys as shown
    :returns: how many questions are answered now
    :raises DomainError: ``not_found`` (404), ``unknown_question``, ``bad_choice``, ``submitted`` (409), ``time_up`` (409)
    """
    row = _locked(attempt_uuid, learner_id)
    if row.submitted_at is not None:
        raise DomainError("submitted", _("这份试卷已经交卷，答案不能再改。"), status=409)
    if at > row.due_at + rules.GRACE:
        raise DomainError("time_up", _("考试时间已到，已保存的答案会自动交卷。"), status=409)
    item = next((item for item in row.paper if item["no"] == no), None)
    if item is None:
        raise DomainError("unknown_question", _("试卷里没有这道题，请刷新页面。"))
    keys = questions.clean(item, choice)
    if keys is None:
        raise DomainError("bad_choice", _("所选选项不在这道题里，请刷新页面后重选。"))
    row.answers = {**{k: v for k, v in row.answers.items() if k != str(no)}, **({str(no): keys} if keys else {})}
    row.save(update_fields=["answers"])
    return len(row.answers)


@transaction.atomic
def submit(*, attempt_uuid: UUID, learner_id: int, at: datetime) -> AttemptView:
    """Hand a try in and mark what is saved; done twice, the first result is returned unchanged.

    In one transaction: the result, the learner's ledger entry with the feed record, and on a pass the assignment's review.

    :raises DomainError: ``not_found`` (404)
    """
    row = _locked(attempt_uuid, learner_id)
    if row.submitted_at is None:
        _finish(row, at)
    return queries.attempt_view(row, at=at)


def close_expired(*, learner_id: int, at: datetime) -> int:
    """Submit this learner's open tries whose time and grace are over, with what is saved; return how many."""
    return _close(_expired(at).filter(learner_id=learner_id), at)


def close_all_expired(*, at: datetime) -> int:
    """Submit every expired open try of the enterprise with what is saved; return how many."""
    return _close(_expired(at), at)


def _expired(at: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(submitted_at__isnull=True, due_at__lt=at - rules.GRACE)


def _close(rows: QuerySet[Attempt], at: datetime) -> int:
    found = list(rows.values_list("uuid", "learner_id"))
    for key, learner_id in found:
        submit(attempt_uuid=key, learner_id=learner_id, at=at)
    return len(found)


def _locked(attempt_uuid: UUID, learner_id: int) -> Attempt:
    row = Attempt.objects.select_for_update().filter(uuid=attempt_uuid, learner_id=learner_id).first()
    return row or queries.own_attempt(attempt_uuid, learner_id=learner_id)


def _finish(row: Attempt, at: datetime) -> None:
    score, right = rules.mark(row.paper, row.answers)
    row.submitted_at, row.score, row.passed = min(at, row.due_at + rules.GRACE), score, score >= row.pass_score
    row.save(update_fields=["submitted_at", "score", "passed"])
    learner = people.learner(row.learner_id)
    records.append_entry(kind="EXAM", subject=learner.uuid, body=_body(row, learner, right), at=row.submitted_at)
    if row.passed:
        plans.note_exam_passed(assignment_id=row.assignment_id, attempt=row.uuid, score=score, at=row.submitted_at)
        plans.review_completion(learner_id=row.learner_id, at=at)


def _body(row: Attempt, learner: people.LearnerView, right: int) -> dict[str, Any]:
    assignment = plans.assignment_by_id(row.assignment_id)
    submitted = row.submitted_at or row.due_at
    return {
        "attempt": str(row.uuid),
        "number": row.number,
        "assignment": str(assignment.uuid),
        "plan": assignment.plan_title,
        "name": learner.name,
        "masked_id": learner.masked_id,
        "questions": len(row.paper),
        "right": right,
        "score": row.score,
        "pass_score": row.pass_score,
        "passed": row.passed,
        "started_at": row.started_at.isoformat(),
        "submitted_at": submitted.isoformat(),
        "paper_sha256": canonical.digest({"paper": row.paper, "answers": row.answers}).hex(),
    }
