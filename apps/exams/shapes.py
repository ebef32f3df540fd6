"""What exams hand out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One try as its learner may see it: ``questions`` without the key. ``left_s`` on the server's clock."""

    uuid: UUID
    assignment_id: int
    number: int
    questions: list[dict[str, Any]]
    answers: dict[str, list[str]]
    pass_score: int
    started_at: datetime
    due_at: datetime
    left_s: int
    submitted_at: datetime | None
    score: int | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One question that was not answered rightly, with the key: only after submission."""

    no: int
    stem: str
    kind: str
    options: list[dict[str, Any]]
    chosen: list[str]
    answer: list[str]
    explanation: str
    basis: str


@dataclass(frozen=True, slots=True)
class ExamState:
    """Where a learner stands with an exam. ``blocked`` says in words why it cannot start now ("" when it can)."""

    questions: int
    pass_score: int
    minutes: int
    tries: int
    tries_left: int
    open_attempt: AttemptView | None
    last: AttemptView | None
    passed: bool
    blocked: str
