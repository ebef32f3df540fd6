"""What sitting hands out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.plans import api as plans


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
    state: str = "OPEN"
    policy: plans.ExamPolicy = field(default_factory=plans.ExamPolicy)
    leaves: int = 0
    submitted_by: str = ""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A paper that was opened in a browser: ``page`` its number, ``base`` the first number it may use, ``key`` what it proves
    itself with, ``check`` whether the learner must prove now who is there, ``seqs`` question -> number of the answer that counts."""

    attempt: AttemptView
    page: int
    base: int
    key: str
    check: dict[str, Any] | None
    seqs: dict[int, int]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a page is told when something of it was kept. ``elsewhere``: the paper was opened anew since, go on there.

    ``check``: ``{"why": "start" | "random"}``, the learner must prove now who is there. ``over``: the try has been handed in.
    """

    seq: int
    at: datetime
    left_s: int
    elsewhere: bool = False
    check: dict[str, Any] | None = None
    leaves: int | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One question that did not earn everything, with the key: only after submission. ``chosen`` is the response."""

    no: int
    stem: str
    kind: str
    options: list[dict[str, Any]]
    chosen: list[str]
    answer: list[Any]
    explanation: str
    basis: str
    points: int = 0
    worth: int = 1
    tells_points: bool = True
    media: list[dict[str, Any]] = field(default_factory=list)
    case: dict[str, Any] | None = None

    @property
    def chosen_words(self) -> list[str]:
        """The response in words: the options' texts in the order that was given, else what was written."""
        return self._words(self.chosen)

    @property
    def answer_words(self) -> list[str]:
        """The key in words; a gap's first spelling."""
        return self._words([one if isinstance(one, str) else one[0] for one in self.answer])

    def _words(self, given: list[str]) -> list[str]:
        texts = {option["key"]: option["text"] for option in self.options}
        return [texts.get(one, one) for one in given]


@dataclass(frozen=True, slots=True)
class ExamState:
    """Where a learner stands with an exam. ``blocked`` says in words why it cannot start now ("" when it can).

    ``restudy``: that more learning opens it. ``marking``: the last try waits for a person's marks.
    """

    questions: int
    pass_score: int
    minutes: int
    tries: int
    tries_left: int
    open_attempt: AttemptView | None
    last: AttemptView | None
    passed: bool
    blocked: str
    policy: plans.ExamPolicy = field(default_factory=plans.ExamPolicy)
    restudy: bool = False
    marking: bool = False
