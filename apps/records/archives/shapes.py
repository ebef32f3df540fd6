"""A file as facts, tables and signatures of texts: page, PDF and workbook show the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

Fact = tuple[str, str]
"""Name and value, both as they shall appear."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``widths`` are shares, one for each column. ``total``: how many lines there are, where not all are here."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    total: int = 0

    @property
    def cut(self) -> int:
        """How many lines are missing here."""
        return max(0, self.total - len(self.rows))

    def first(self, most: int) -> "Table":
        """Return the same with at most so many lines."""
        rows = self.rows[:most]
        return Table(self.title, self.heads, rows, self.widths, max(self.total, len(self.rows)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A signature below a record. ``way``: by hand, or name and code; ``digest``: SHA-256 of the drawing, or ""; ``n``, ``hash_hex``:
    its entry in the ledger. ``is_there`` false: not signed yet, and ``way`` says what to do.
    """

    role: str
    name: str
    at: str
    way: str
    digest: str
    n: int | None
    hash_hex: str
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a file. ``state``: "proven" for a completed training, "" else; ``note``: a line below the title."""

    title: str
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = ()
    marks: Sequence[Mark] = ()
    note: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """How far a file's entries are sealed. ``is_whole``: whether the chain fits, None where it was not looked at; ``size``, ``root``: the
    newest head that stands outside the database; ``at``: its time.
    """

    entries: int
    sealed: int
    is_whole: bool | None
    problem: str
    size: int = 0
    root: str = ""
    at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How many entries are not sealed yet: those of the last minute."""
        return self.entries - self.sealed


@dataclass(frozen=True, slots=True)
class FileDocument:
    """A whole file. ``kind``: 一人一档 or 一期一档; ``number``: its own; ``stem``: how its files are called, without their ending."""

    kind: str
    title: str
    subtitle: str
    number: str
    enterprise: str
    uscc: str
    facts: Sequence[Fact]
    sections: Sequence[Section]
    seal: Seal | None
    printed: str
    stem: str
    head_line: str = field(default="")

    def first(self, most: int) -> "FileDocument":
        """Return the same with at most so many lines in each table, for a page."""
        sections = [
            Section(s.title, s.facts, [table.first(most) for table in s.tables], s.marks, s.note, s.state) for s in self.sections
        ]
        return FileDocument(
            self.kind, self.title, self.subtitle, self.number, self.enterprise, self.uscc, self.facts, sections, self.seal,
            self.printed, self.stem, self.head_line,
        )  # fmt: skip
