"""Ground of the tests of sitting: a learner who may sit an exam, and a page that numbers what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Max

from apps.exams import api as exams
from apps.exams.models import Attempt, AttemptStep
from apps.exams.sitting import queries, rules
from apps.plans import api as plans
from infra.kit.errors import DomainError
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

MINUTE = timedelta(minutes=1)
DESKTOP, PHONE = "d" * 32, "f" * 32


def duty(n: int = 1, **order: Any) -> plans.AssignmentView:
    """A learner who has learnt everything, with an exam ahead."""
    someone = ground.learner(n)
    ground.open_plan(plans.Who("picked", learner_ids=[someone.id]), **{"exam_tries": 3, **order})
    (view,) = plans.assignments_of(someone.id)
    ground.learn_all(view)
    return view


def policy(view: plans.AssignmentView, **words: Any) -> None:
    """Hold the exam of this duty so."""
    from apps.plans.models import TrainingPlan

    values = plans.ExamPolicy(**words).as_json()
    TrainingPlan.objects.filter(pk=view.plan_id).update(exam_policy=values)


def start(view: plans.AssignmentView, at=NOON, terminal: str = DESKTOP) -> exams.AttemptView:
    """Begin a try."""
    return exams.start(assignment_uuid=view.uuid, learner_id=view.learner_id, at=at, terminal=terminal)


def open_page(attempt: exams.AttemptView, view: plans.AssignmentView, at=NOON, terminal: str = DESKTOP) -> exams.OpenedPage:
    """Open the paper in a browser."""
    opened = exams.open_page(attempt_uuid=attempt.uuid, learner_id=view.learner_id, terminal=terminal, at=at)
    assert opened is not None
    return opened


def put(
    attempt, no: int, response: list[str], *, learner_id: int, at=NOON + MINUTE, seq: int | None = None, terminal: str = DESKTOP
):
    """Answer a question; without ``seq`` under the next number."""
    return exams.answer(
        attempt_uuid=attempt.uuid,
        learner_id=learner_id,
        no=no,
        response=response,
        seq=_next(attempt) if seq is None else seq,
        terminal=terminal,
        at=at,
    )


def _next(attempt) -> int:
    row = Attempt.objects.get(uuid=attempt.uuid)
    said = row.steps.aggregate(most=Max("seq"))["most"] or 0
    return max(said, rules.page_base(row.pages)) + 1


def counting(attempt) -> dict[str, list[str]]:
    """The answers that count now."""
    return queries.answers_of(Attempt.objects.get(uuid=attempt.uuid))


def right(attempt, no: int) -> str:
    """The key of the right option, which reads 「对的」."""
    return next(o["key"] for o in attempt.questions[no - 1]["options"] if o["text"] == "对的")


def answer_all(attempt, view, wrong: int = 0, at=NOON + MINUTE) -> None:
    """Answer everything, the first ``wrong`` questions wrongly."""
    for n, question in enumerate(attempt.questions, 1):
        good = right(attempt, question["no"])
        key = good if question["no"] > wrong else next(o["key"] for o in question["options"] if o["key"] != good)
        put(attempt, question["no"], [key], learner_id=view.learner_id, at=at, seq=n)


def submit(attempt, view, at=NOON + 2 * MINUTE) -> exams.AttemptView:
    """Hand in."""
    return exams.submit(attempt_uuid=attempt.uuid, learner_id=view.learner_id, at=at)


def kinds(attempt) -> list[str]:
    """What happened, oldest first."""
    return list(AttemptStep.objects.filter(attempt__uuid=attempt.uuid).order_by("id").values_list("kind", flat=True))


def code_of(call, *args, **kwargs) -> str:
    """The code of a refusal, which must have words."""
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    assert str(caught.value.message)
    return caught.value.code
