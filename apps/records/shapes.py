"""What the record hands in and out through its front door."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the ledger; ``hash_hex`` is its place in the chain."""

    id: int
    n: int
    kind: str
    body: dict[str, Any]
    at: datetime
    hash_hex: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Result of a check. ``broken_n`` is the number of the first entry that does not fit (None: all fit)."""

    entries: int
    broken_n: int | None
    reason: str

    @property
    def is_whole(self) -> bool:
        """Whether every entry fits."""
        return self.broken_n is None


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything a certificate says, handed in by whoever found the training complete. Times in milliseconds.

    :param category_code: two letters of the number, e.g. ``CY``
    :param courses: ``{"code", "title", "trainer", "duration_ms", "earned_ms"}``
    :param exam_score: 0-100, or None where the plan asks for no exam
    """

    subject: UUID
    issued_for: UUID
    name: str
    masked_id: str
    training: str
    training_type: str
    category: str
    category_code: str
    basis: str
    required_ms: int
    earned_ms: int
    started_on: date
    completed_on: date
    courses: list[dict[str, Any]]
    exam_score: int | None
    exam_pass_score: int | None


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate; ``body`` holds the facts with ``number``, ``enterprise`` and ``issued_on``."""

    id: int
    uuid: UUID
    number: str
    code: str
    subject: UUID
    body: dict[str, Any]
    fingerprint: str
    issued_at: datetime
