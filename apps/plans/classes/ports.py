"""What offline classes need from above: when learners studied online, and somebody who prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from apps.plans.classes.rules import Sitting
from infra.kit.ports import Socket


class StudyTimes(Protocol):
    """Knows when people studied online."""

    def sittings(self, *, learner_ids: Sequence[int], since: datetime, until: datetime) -> dict[int, list[Sitting]]:
        """Return learner id -> study sessions that touch [since, until); who has none may be absent."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One person on the sign-in sheet."""

    no: str
    name: str
    unit: str
    position: str


@dataclass(frozen=True, slots=True)
class SheetFields:
    """A sheet for signing by hand. All texts as they shall appear; ``url`` is where the QR code leads."""

    title: str
    enterprise: str
    number: str
    facts: list[tuple[str, str]]
    lines: list[SheetLine]
    url: str


@dataclass(frozen=True, slots=True)
class RecordFields:
    """The record of a class (一期一档): facts, then tables of texts, each ``(title, heads, rows)``."""

    title: str
    enterprise: str
    number: str
    facts: list[tuple[str, str]]
    tables: list[tuple[str, list[str], list[list[str]]]]
    printed: str


class ClassPrinter(Protocol):
    """Lays out what is printed about a class."""

    def sign_in_sheet(self, fields: SheetFields) -> bytes:
        """Return A4 pages as PDF, with empty boxes to sign in."""

    def class_record(self, fields: RecordFields) -> bytes:
        """Return A4 pages as PDF."""


SITTINGS: Socket[StudyTimes] = Socket("plans.SITTINGS")
CLASS_PRINTER: Socket[ClassPrinter] = Socket("plans.CLASS_PRINTER")
