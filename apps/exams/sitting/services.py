"""Writes of sitting: a try begins, is handed in, gets its result. Every time is the server's; every result is made once."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.marking.enqueuing import enqueue
from apps.exams.papers import services as papers
from apps.exams.sitting import queries, rules
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.exams.sitting.settling import settle_row
from apps.exams.sitting.shapes import AttemptView
from apps.plans import api as plans
from infra.kit.errors import DomainError

Kind, By = AttemptStep.Kind, Attempt.By
_EXPIRED = "try_expired"


def start(*, assignment_uuid: UUID, learner_id: int, at: datetime, terminal: str = "") -> AttemptView:
    """Begin a try, or return the one that is open (two tabs share it). An expired open try is submitted first.

    :raises DomainError: ``not_found`` (404), ``no_exam``, ``exam_blocked`` (409) with the reason in words, ``bank_too_small``
    """
    said: dict[str, Any] = {"assignment_uuid": assignment_uuid, "learner_id": learner_id, "at": at, "terminal": terminal}
    try:
        return _begin(**said)
    except DomainError as refusal:
        if refusal.code not in {"exam_blocked", _EXPIRED}:
            raise
        # What stands in the way may be a try that nobody handed in; looked for only now, for most begin without.
        if not close_expired(learner_id=learner_id, at=at) and refusal.code != _EXPIRED:
            raise
    return _begin(**said)


@transaction.atomic
def _begin(*, assignment_uuid: UUID, learner_id: int, at: datetime, terminal: str) -> AttemptView:
    assignment, rule = plans.duty_with_exam(assignment_uuid, learner_id=learner_id, hold=True)
    tries = queries.tries_of(assignment.id)
    running = next((row for row in tries if row.submitted_at is None), None)
    if running is not None and rules.is_over(at, running.due_at):
        raise DomainError(_EXPIRED, _("上一次考试的时间已到，正在交卷，请稍后再试。"), status=409)
    if running is not None:
        return queries.attempt_view(Attempt.objects.get(pk=running.pk), at=at)
    left, last = max(0, rule.tries - len(tries)), next(iter(tries), None)
    blocked, _restudy = queries.why_not(assignment, rule=rule, tries_left=left, last=last, at=at)
    if blocked:
        raise DomainError("exam_blocked", blocked, status=409)
    row = _draw(assignment, rule, number=len(tries) + 1, terminal=terminal, at=at)
    log(row, Kind.STARTED, at=at, terminal=terminal, facts={"number": row.number})
    return queries.attempt_view(row, at=at, answers={})


def _draw(assignment: plans.AssignmentView, rule: plans.ExamRule, *, number: int, terminal: str, at: datetime) -> Attempt:
    return Attempt.objects.create(
        assignment_id=assignment.id,
        learner_id=assignment.learner_id,
        number=number,
        paper=papers.compose(rule=rule, seed=secrets.randbits(63)),
        pass_score=rule.pass_score,
        started_at=at,
        due_at=at + timedelta(minutes=rule.minutes),
        policy=rule.policy.as_json(),
        terminal=terminal,
        check_due_at=at if rule.policy.face != "none" else None,
    )


def submit(*, attempt_uuid: UUID, learner_id: int, at: datetime, by: str = By.LEARNER) -> AttemptView:
    """Hand a try in and mark what is saved; done twice, the first result is returned unchanged.

    In one transaction: the result, the learner's ledger entry with the feed record, on a pass the assignment's review, and what goes
    into the book of wrong answers. Where a person must mark something the result comes with `settle`.

    :raises DomainError: ``not_found`` (404); ``identity_first`` (409) while a check that was asked for waits and time is left
    """
    with transaction.atomic():
        row = locked(attempt_uuid, learner_id)
        if row.submitted_at is None:
            if by == By.LEARNER and at < row.due_at and rules.is_asked(row.check_due_at, at):
                raise DomainError("identity_first", _("请先完成身份核验，然后交卷。"), status=409)
            hand_in(row, by=By.CLOCK if at >= row.due_at else by, at=at)
        return queries.attempt_view(row, at=at)


def hand_in(row: Attempt, *, by: str, at: datetime) -> None:
    """Close a locked open try with what is saved, and settle it where no person has to mark."""
    answers = queries.answers_of(row)
    if rules.is_asked(row.check_due_at, min(at, row.due_at)):
        log(row, Kind.CHECK_MISSED, at=at, terminal=row.terminal)
    row.submitted_at, row.submitted_by, row.answers = min(at, row.due_at + rules.GRACE), by, answers
    row.check_due_at = None
    row.save(update_fields=["submitted_at", "submitted_by", "answers", "check_due_at"])
    facts = {"by": str(by), "answered": len(answers), "of": len(row.paper), "leaves": row.leaves}
    log(row, Kind.SUBMITTED, at=at, terminal=row.terminal if by == By.LEARNER else "", facts=facts)
    if None not in rules.earned(row.paper, answers, {}).values():
        settle_row(row, {}, entered_at=row.submitted_at, at=at)
    else:
        enqueue(attempt_id=row.pk, at=at)


@transaction.atomic
def settle(*, attempt_id: int, points: Mapping[int, int], at: datetime) -> None:
    """Give a try that was handed in its result; one that has it stays as it is.

    :param points: question -> points, for every question that a person must mark
    :raises DomainError: ``not_found`` (404), ``not_submitted`` (409), ``unmarked`` (409), ``bad_points``
    """
    row = Attempt.objects.select_for_update().filter(pk=attempt_id).first()
    if row is None:
        raise queries.not_found()
    if row.submitted_at is None:
        raise DomainError("not_submitted", _("学员还在考试，交卷后才能阅卷。"), status=409)
    if row.score is None:
        settle_row(row, points, entered_at=at, at=at)


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
        submit(attempt_uuid=key, learner_id=learner_id, at=at, by=By.CLOCK)
    return len(found)


def locked(attempt_uuid: UUID, learner_id: int) -> Attempt:
    """Return a try of this learner, locked until the transaction ends.

    :raises DomainError: ``not_found`` (404), also for somebody else's
    """
    row = Attempt.objects.select_for_update().filter(uuid=attempt_uuid, learner_id=learner_id).first()
    if row is None:
        raise queries.not_found()
    return row


def log(
    row: Attempt, kind: str, *, at: datetime, terminal: str = "", facts: dict[str, Any] | None = None, seq: int | None = None
) -> None:
    """Add a step to a try."""
    AttemptStep.objects.create(attempt=row, kind=kind, at=at, terminal=terminal, facts=facts or {}, seq=seq)
