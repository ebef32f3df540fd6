"""What the room hands out."""

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One version of a notice. ``shown`` and ``changes`` are in the reader's language, ``paragraphs`` always Chinese."""

    kind: str
    version: str
    valid_from: date
    paragraphs: tuple[str, ...]
    shown: tuple[str, ...]
    changes: str

    @property
    def digest(self) -> str:
        """SHA-256 of the Chinese text in hex: what exactly somebody was told can be shown later."""
        return hashlib.sha256("\n".join(self.paragraphs).encode()).hexdigest()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The shown paragraphs as (heading, text); the heading is "" where there is none."""
        return [_split(paragraph) for paragraph in self.shown]


@dataclass(frozen=True, slots=True)
class RuleView:
    """Times that hold; see `PrivacyRule`. Months are those of `public.retention`, None: for as long as the enterprise exists."""

    answer_days: int
    file_days: int
    record_months: int | None
    record_law: str
    special_months: int | None
    special_law: str


def _split(paragraph: str) -> tuple[str, str]:
    for mark in ("：", ": "):
        head, found, text = paragraph.partition(mark)
        if found and len(head) <= 40:
            return head, text
    return "", paragraph
