"""What the book takes in and hands out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

EXAM, QUIZ, PRACTICE = "exam", "quiz", "practice"
SOURCES = (EXAM, QUIZ, PRACTICE)
"""Where answers come from. Weak points are counted from exams and quizzes alone: practice is for the learner."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered question. ``item`` as `public.questions` lays it out, with its answer and number; ``right``: it earned everything."""

    item: dict[str, Any]
    response: list[str]
    right: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """How a learner stands at one knowledge point.

    :param mastery: 0-100, over all questions of the point that ever were in the book
    :param left: questions still in the book; ``due`` of them wait for practice
    """

    point: str
    mastery: int
    left: int
    due: int
    learnt: int


@dataclass(frozen=True, slots=True)
class MistakeView:
    """One question of the book as its learner may see it before answering: without key, explanation and basis."""

    uuid: UUID
    kind: str
    point: str
    stem: str
    times: int
    mastery: int
    due_on: date
    last_wrong_at: datetime
    mastered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a practice.

    :param item: before it was answered only what `questions.hide` lets out; afterwards all of it
    :param right: None before it was judged; a text is judged by the learner after reading the model answer
    :param mastered: this answer took the question out of the book
    """

    no: int
    item: dict[str, Any]
    response: list[str]
    answered: bool
    right: bool | None
    mastered: bool = False


@dataclass(frozen=True, slots=True)
class PracticeView:
    """One sitting of practice."""

    uuid: UUID
    point: str
    steps: list[Step]
    finished: bool

    @property
    def next_no(self) -> int:
        """Number of the first question that is not judged, the last one's when all are."""
        return next((step.no for step in self.steps if step.right is None), len(self.steps))

    @property
    def done(self) -> int:
        """How many are judged."""
        return sum(step.right is not None for step in self.steps)

    @property
    def right(self) -> int:
        """How many were right."""
        return sum(bool(step.right) for step in self.steps)
