"""What others tell the book."""

from typing import Any
from uuid import UUID

from apps.exams.mistakes import services
from apps.exams.mistakes.shapes import Answered
from apps.plans.events import answers_marked
from infra.kit import clock


def connect() -> None:
    """Listen; called once at start."""
    answers_marked.connect(take_in, dispatch_uid="exams.mistakes")


def take_in(sender: object, *, learner_id: int, source: str, ref: str, answers: list[dict[str, Any]], **more: Any) -> None:
    """Take in the answers of a quiz; told twice, they are there once. Wrong ones that are held enter the book when told so."""
    services.collect(
        learner_id=learner_id,
        source=source,
        ref=UUID(ref),
        answers=[Answered(one["item"], one["response"], one["right"]) for one in answers],
        at=more.get("at") or clock.now(),
        assignment_id=more.get("assignment_id"),
        held=more.get("held", False),
    )
