"""What the record hands in and out through its front door."""

from dataclasses import dataclass
from datetime import datetime
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
class PlacedEntry:
    """One sealed entry: its place in the tree of the enterprise (0, 1, 2 …) and whose it is."""

    place: int
    subject: UUID
    entry: EntryView


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
