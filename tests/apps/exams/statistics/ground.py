"""Ground of the tests of statistics: many finished tries at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.exams.models import Attempt
from apps.people.models import Learner
from apps.plans.models import Assignment
from tests.apps.exams.marking.ground import choice
from tests.apps.plans.ground import NOON

WRONG = ("错的一", "错的二", "错的三")


def paper(numbers: list[int]) -> list[dict[str, Any]]:
    """A paper of these questions, one point each."""
    return [choice(n, no=no, score=1) for no, n in enumerate(numbers, 1)]


def tried(said: dict[int, list[str]], papers: dict[int, list[int]], *, number: int = 1) -> list[Attempt]:
    """Finished tries of everybody who has an assignment, in the order of people.

    :param said: index of the person -> texts in the order of the paper, "" for blank
    :param papers: index of the person -> questions
    """
    made = []
    for index, duty in enumerate(Assignment.objects.order_by("learner_id", "pk")):
        if index not in said:
            continue
        items = paper(papers[index])
        texts = dict(zip([item["no"] for item in items], said[index], strict=True))
        answers = {str(i["no"]): [o["key"] for o in i["options"] if o["text"] == texts[i["no"]]] for i in items if texts[i["no"]]}
        right = sum(texts[item["no"]] == "对的" for item in items)
        score = right * 100 // len(items)
        made.append(
            Attempt(
                assignment=duty, learner_id=duty.learner_id, number=number, paper=items, answers=answers, pass_score=80,
                started_at=NOON, due_at=NOON + timedelta(hours=1), submitted_at=NOON + timedelta(minutes=20), score=score,
                passed=score >= 80, points={str(item["no"]): int(texts[item["no"]] == "对的") for item in items},
            )
        )  # fmt: skip
    return Attempt.objects.bulk_create(made)


def crowd(count: int) -> int:
    """So many people with one assignment each; returns the plan's id. They are rows only: nobody signs in."""
    from apps.plans.models import TrainingPlan
    from tests.apps.plans import ground

    first = ground.learner(1)
    ground.open_plan(exam_tries=3)
    plan = TrainingPlan.objects.get()
    row = Learner.objects.get(pk=first.id)
    more = []
    for n in range(2, count + 1):
        row.pk, row.credential_id, row.person_key, row.mobile_index = None, None, f"{n:064d}", f"{n:064d}"
        row.uuid, row.name = _uuid(), f"学员{n}"
        more.append(
            Learner(
                **{field.attname: getattr(row, field.attname) for field in Learner._meta.concrete_fields if field.attname != "id"}
            )
        )
    Learner.objects.bulk_create(more)
    known = set(Assignment.objects.values_list("learner_id", flat=True))
    rows = [
        Assignment(plan=plan, learner_id=pk, assigned_at=NOON)
        for pk in Learner.objects.values_list("pk", flat=True)
        if pk not in known
    ]
    Assignment.objects.bulk_create(rows)
    return int(plan.pk)


def _uuid() -> Any:
    from uuid import uuid4

    return uuid4()
