"""What a paper says. As JSON in its revision, so that a revision stands by itself."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from apps.plans.api import ExamPolicy
from public.questions import api as questions

APART = frozenset({"text", "case"})
"""Kinds that a row must name to get them: a person marks a text, and a case is several questions."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a draw needs to know of a question. ``items``: how many it becomes on a paper; ``own_bank``: "" for the platform's."""

    ref: questions.Ref
    topic: str
    points: tuple[str, ...]
    difficulty: int
    kind: str
    items: int = 1
    own_bank: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a drawn paper: ``count`` questions that fit, ``score`` points each (a case shares them among its questions).

    ``bank``: "" both, ``shared`` the platform's, ``own`` all of the enterprise, else the uuid of one of its banks.
    ``topics`` and ``points``: a question fits that has one of them; both empty: all. ``kind``: "" any but those `APART`.
    """

    count: int
    score: int
    bank: str = ""
    topics: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    kind: str = ""
    low: int = 1
    high: int = 5

    def takes(self, entry: Candidate) -> bool:
        """Say whether a question fits this row; a case does not when it has more questions than the row gives points."""
        return (
            (entry.kind == self.kind if self.kind else entry.kind not in APART)
            and self.low <= entry.difficulty <= self.high
            and self.bank in {"", entry.ref.bank, entry.own_bank}
            and (not self.labels or entry.topic in self.topics or not set(self.points).isdisjoint(entry.points))
            and entry.items <= self.score
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Topics and points together, as they were named."""
        return *self.topics, *self.points

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Row":
        """Return the row that JSON says."""
        return cls(**{**data, "topics": tuple(data.get("topics", ())), "points": tuple(data.get("points", ()))})


@dataclass(frozen=True, slots=True)
class Chosen:
    """One question of a fixed paper in the version that was chosen, with its points."""

    ref: questions.Ref
    score: int

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Chosen":
        """Return the choice that JSON says."""
        return cls(questions.Ref(data["bank"], UUID(data["question"]), int(data["version"])), int(data["score"]))

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"bank": self.ref.bank, "question": str(self.ref.question), "version": self.ref.version, "score": self.score}


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as a manager writes it: ``rows`` of a drawn one, or the ``chosen`` questions of a fixed one in their order.

    ``minutes``, ``pass_score`` (percent), ``tries`` and ``policy`` are what a plan that takes the paper begins with.
    ``is_shuffled``: a fixed paper's questions come to each person in another order, kinds kept together; options always do.
    """

    title: str
    is_drawn: bool
    rows: tuple[Row, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    minutes: int = 60
    pass_score: int = 80
    tries: int = 3
    policy: ExamPolicy = field(default_factory=ExamPolicy)
    is_shuffled: bool = True

    @property
    def questions(self) -> int:
        """How many questions it asks; a case counts as one."""
        return sum(row.count for row in self.rows) if self.is_drawn else len(self.chosen)

    @property
    def points(self) -> int:
        """What all of it is worth."""
        if self.is_drawn:
            return sum(row.count * row.score for row in self.rows)
        return sum(one.score for one in self.chosen)

    def content(self) -> list[dict[str, Any]]:
        """Return rows or chosen questions as JSON."""
        return [asdict(row) for row in self.rows] if self.is_drawn else [one.as_json() for one in self.chosen]
