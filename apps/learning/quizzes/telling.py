"""What others are told of a quiz: the ledger, and after the commit whoever collects wrong answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.learning.quizzes.models import QuizTry
from apps.people import api as people
from apps.plans.events import answers_marked
from apps.records import api as records


def answers(row: QuizTry, right: Sequence[bool]) -> None:
    """Send `plans.events.answers_marked` once the answered try is committed; it stands, whoever fails to hear of it."""
    told = [
        {"item": item, "response": response, "right": is_right}
        for item, response, is_right in zip(row.items, row.responses, right, strict=True)
    ]
    values = {"learner_id": row.learner_id, "source": "quiz", "ref": str(row.uuid), "answers": told}
    transaction.on_commit(lambda: answers_marked.send_robust(sender=QuizTry, **values))


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
