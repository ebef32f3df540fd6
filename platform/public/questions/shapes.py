"""What questions hand out."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

SHARED = "shared"
OWN = "own"

Item = dict[str, Any]
"""One question as it lies in a version, on a paper, in an attempt (see README.md)."""


class Ref(NamedTuple):
    """Which question in which version: ``bank`` is ``shared`` (the platform's) or ``own`` (the enterprise's)."""

    bank: str
    question: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What a draw needs to know of a question. ``items``: how many it becomes on a paper, more than one for a case."""

    ref: Ref
    topic: str
    points: tuple[str, ...]
    difficulty: int
    kind: str
    items: int = 1
