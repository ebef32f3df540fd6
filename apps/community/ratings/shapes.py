"""What ratings hand out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Unrated:
    """A course that a learner has finished and not rated yet."""

    assignment: UUID
    version_id: int
    title: str
    trainer: str


@dataclass(frozen=True, slots=True)
class RatingView:
    """A learner's own rating. ``stars`` by aspect, empty for one from before there were aspects; ``days_left`` to change it.

    ``comment_state`` in words, "" without a comment; ``reason``: why it is not shown.
    """

    version_id: int
    overall: int
    stars: dict[str, int]
    at: datetime
    days_left: int
    comment: str
    may_share: bool
    comment_state: str
    reason: str


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """How one course version was rated in this enterprise; ``means`` (name, mean) are empty below enough people."""

    version_id: int
    title: str
    code: str
    ratings: int
    mean: float | None
    means: list[tuple[Any, float]]
    comments: int
