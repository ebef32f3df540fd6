"""What papers need from above: somebody who prints."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """One question as it is printed. ``lead``: the story of a case, on its first question. ``space``: lines to write on.

    ``key`` and ``notes`` (explanation, legal basis) are empty on a paper without answers.
    """

    no: str
    stem: str
    points: str
    options: Sequence[str] = ()
    lead: str = ""
    space: int = 0
    key: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """Questions of one kind under their heading."""

    title: str
    questions: Sequence[PrintedQuestion]


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """A paper; all texts as they shall appear. ``blanks``: what a person fills in at the top, empty with answers."""

    title: str
    enterprise: str
    facts: Sequence[str]
    sections: Sequence[PrintedSection]
    blanks: Sequence[str] = field(default_factory=tuple)
    foot: str = ""


class PaperPrinter(Protocol):
    """Lays papers out."""

    def paper(self, paper: PrintedPaper) -> bytes:
        """Return A4 pages as PDF."""


PAPER_PRINTER: Socket[PaperPrinter] = Socket("exams.PAPER_PRINTER")
