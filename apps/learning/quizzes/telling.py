"""What others are told of a quiz: the ledger, and after the commit whoever collects wrong answers."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from apps.learning.quizzes import rules
from apps.learning.quizzes.models import QuizTry
from apps.people import api as people
from apps.plans.events import answers_marked
from apps.records import api as records


def answers(row: QuizTry, *, shows_keys: bool) -> None:
    """Send `plans.events.answers_marked` once the answered try is committed; it stands, whoever fails to hear of it.

    :param shows_keys: whether the learner may see the keys now; then those of the failed tries before are told again as well
    """
    told = [row]
    if shows_keys:
        tries = QuizTry.objects.filter(learner_id=row.learner_id, courseware_id=row.courseware_id, point=row.point, passed=False)
        told = [*tries.exclude(pk=row.pk).order_by("number"), row]
    for one in told:
        values = {"learner_id": one.learner_id, "source": "quiz", "ref": str(one.uuid), "answers": _marked(one)}
        transaction.on_commit(partial(answers_marked.send_robust, sender=QuizTry, held=not shows_keys, **values))


def _marked(row: QuizTry) -> list[dict[str, Any]]:
    right = rules.judge(row.items, row.responses).right
    return [
        {"item": item, "response": response, "right": is_right}
        for item, response, is_right in zip(row.items, row.responses, right, strict=True)
    ]


def enter(row: QuizTry, *, course: dict[str, Any], title: str, pass_score: int, released: dict[str, Any], at: datetime) -> None:
    """Enter an answered quiz in the ledger. It takes no learning time itself; ``released`` is what its pass lets count.

    :param released: ``{"effective_ms", "sessions": [{"session", "ms", "in_sitting"}]}``; what belongs to an open sitting is told when
        that ends
    """
    learner = people.learner(row.learner_id)
    body = {
        "event": "quiz",
        "learner": str(learner.uuid),
        "person_key": learner.person_key,
        "masked_id": learner.masked_id,
        "quiz": str(row.uuid),
        "course": course,
        "courseware": {"id": row.courseware_id, "title": title},
        "number": row.number,
        "questions": [_asked(item) for item in row.items],
        "score": row.score,
        "pass_score": pass_score,
        "passed": row.passed,
        "start": row.opened_at.isoformat(),
        "end": at.isoformat(),
        **released,
    }
    records.append_entry(kind="QUIZ", subject=learner.uuid, body=body, at=at)


def _asked(item: dict[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in ("bank", "question", "version") if key in item}
