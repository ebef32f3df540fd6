"""A try gets its result: score, ledger, the plan's review, the book of wrong answers; in the caller's transaction, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.exams.mistakes import services as mistakes
from apps.exams.mistakes.shapes import Answered
from apps.exams.sitting import rules
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import canonical, identity
from infra.kit.errors import DomainError
from public.questions import api as questions


def settle_row(row: Attempt, points: Mapping[int, int], *, entered_at: datetime, at: datetime) -> None:
    """Give a locked, handed-in try its result.

    :param points: question -> points where a person has marked
    :param entered_at: when the ledger says that it was settled
    :raises DomainError: ``unmarked`` (409) where a person must still mark something, ``bad_points``
    """
    earned = _earned(row, points)
    total = sum(earned.values())
    row.points = {str(no): got for no, got in earned.items()}
    row.score = rules.percent(total, row.paper)
    row.passed = row.score >= row.pass_score
    row.save(update_fields=["points", "score", "passed"])
    AttemptStep.objects.create(attempt=row, kind=AttemptStep.Kind.SETTLED, at=at, facts={"score": row.score})
    learner = people.learner(row.learner_id)
    records.append_entry(kind="EXAM", subject=learner.uuid, body=_body(row, learner, earned), at=entered_at)
    _collect(row, earned, entered_at)
    if row.passed:
        plans.note_exam_passed(assignment_id=row.assignment_id, attempt=row.uuid, score=row.score, at=entered_at)
        plans.review_completion(learner_id=row.learner_id, at=at)


def _earned(row: Attempt, points: Mapping[int, int]) -> dict[int, int]:
    most = {int(item["no"]): questions.worth(item) for item in row.paper}
    if any(no not in most or not 0 <= got <= most[no] for no, got in points.items()):
        raise DomainError("bad_points", _("给分不能超过这道题的满分，也不能小于 0。"))
    found = rules.earned(row.paper, row.answers, points)
    waiting = [no for no, got in found.items() if got is None]
    if waiting:
        words = _("还有 %(n)s 道题没有批改，全部给分后才能出成绩。") % {"n": len(waiting)}
        raise DomainError("unmarked", words, status=409)
    return {no: got or 0 for no, got in found.items()}


def _collect(row: Attempt, earned: Mapping[int, int], at: datetime) -> None:
    answers = [
        Answered(item=item, response=row.answers.get(str(item["no"]), []), right=earned[int(item["no"])] == questions.worth(item))
        for item in row.paper
    ]
    mistakes.collect(
        learner_id=row.learner_id,
        source="exam",
        ref=row.uuid,
        answers=answers,
        at=at,
        assignment_id=row.assignment_id,
        in_book=plans.ExamPolicy.read(row.policy).reveal == "wrong",
    )


def _body(row: Attempt, learner: people.LearnerView, earned: Mapping[int, int]) -> dict[str, Any]:
    assignment = plans.assignment_by_id(row.assignment_id)
    submitted = row.submitted_at or row.due_at
    return {
        "attempt": str(row.uuid),
        "number": row.number,
        "assignment": str(assignment.uuid),
        "plan": assignment.plan_title,
        "name": identity.mask_name(learner.name),  # the ledger outlives an erasure (0063)
        "masked_id": learner.masked_id,
        "questions": len(row.paper),
        "right": sum(earned[int(item["no"])] == questions.worth(item) for item in row.paper),
        "points": sum(earned.values()),
        "points_of": sum(questions.worth(item) for item in row.paper),
        "score": row.score,
        "pass_score": row.pass_score,
        "passed": row.passed,
        "started_at": row.started_at.isoformat(),
        "submitted_at": submitted.isoformat(),
        "submitted_by": row.submitted_by,
        "leaves": row.leaves,
        "paper_sha256": canonical.digest({"paper": row.paper, "answers": row.answers}).hex(),
    }
