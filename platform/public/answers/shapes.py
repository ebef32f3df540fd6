"""What the room hands out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Place:
    """What a question is about. ``at_ms`` in a film, ``page`` (from 1) in a document; without a lesson the whole course."""

    version_id: int
    course_code: str
    course_title: str
    lesson_title: str = ""
    at_ms: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """A question with its answer, as everybody who has the course may read it."""

    uuid: UUID
    course_code: str
    course_title: str
    lesson_title: str
    at_ms: int | None
    page: int | None
    question: str
    answer: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ProposalView:
    """How a proposal stands: what its enterprise may know. ``answer`` is the platform's where it was asked for one."""

    uuid: UUID
    kind: str
    state: str
    answer: str
    reason: str
    due_at: datetime
    decided_at: datetime | None
