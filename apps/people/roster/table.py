"""A list between upload and commit: every row, what is wrong with it and what it would do. Kept as one sealed file."""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from apps.people import sealing
from apps.people.roster import checks
from apps.people.roster.checks import Draft, Line
from apps.people.roster.headings import COLUMNS
from apps.people.roster.problems import Problem
from infra.kit.workbooks import Cell

NEW, UPDATE, SAME, REPEAT, WRONG, DROPPED = "new", "update", "same", "repeat", "wrong", "dropped"
OUTCOMES = (NEW, UPDATE, SAME, REPEAT, WRONG, DROPPED)
"""What becomes of a row. REPEAT: another row says the same; DROPPED: a manager took it out."""
_HEAD_CELL = 60


@dataclass(slots=True)
class Entry:
    """One row. ``clash``: what is wrong beside the people on the books; ``would``: NEW, UPDATE or SAME when nothing is wrong."""

    line: Line
    clash: list[Problem] = field(default_factory=list)
    would: str = NEW
    dropped: bool = False


@dataclass(slots=True)
class Table:
    """A whole list. ``places``: our column -> index in the file; ``head``: the file's first rows, cut short."""

    head: list[tuple[int, list[str]]]
    heading_row: int
    places: dict[str, int]
    entries: list[Entry] = field(default_factory=list)

    def settle(self) -> "Settled":
        """Say what becomes of every row now."""
        kept = [entry for entry in self.entries if not entry.dropped]
        beside = checks.across([entry.line for entry in kept])
        wrong: dict[int, list[Problem]] = {}
        for problem in beside.problems:
            wrong.setdefault(problem.row, []).append(problem)
        for entry in kept:
            if own := [*entry.line.problems, *entry.clash]:
                wrong.setdefault(entry.line.row, [])[:0] = own
        return Settled({entry.line.row: _outcome(entry, wrong, beside.repeats) for entry in self.entries}, wrong)

    def laid_over(self, rows: Iterable[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
        """Give the rows of the file with what was mended since in them; rows taken out are left out."""
        ours = {entry.line.row: entry for entry in self.entries}
        places = [self.places.get(column) for column in COLUMNS]
        for number, cells in rows:
            entry = ours.get(number)
            for index, cell in zip(places, entry.line.cells if entry else (), strict=False):
                if index is not None:
                    cells.extend([""] * (index + 1 - len(cells)))
                    cells[index] = cell
            if entry is None or not entry.dropped:
                yield number, cells

    def entry(self, row: int) -> Entry | None:
        """Return the entry of a row as Excel numbers it, or None."""
        return next((entry for entry in self.entries if entry.line.row == row), None)


@dataclass(slots=True)
class Settled:
    """``outcomes``: row -> one of ``OUTCOMES``; ``wrong``: row -> its problems."""

    outcomes: dict[int, str]
    wrong: dict[int, list[Problem]]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome; every outcome is named."""
        counted = Counter(self.outcomes.values())
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong, row by row."""
        return (problem for row in sorted(self.wrong) for problem in self.wrong[row])


def _outcome(entry: Entry, wrong: Mapping[int, list[Problem]], repeats: set[int]) -> str:
    if entry.dropped:
        return DROPPED
    row = entry.line.row
    return WRONG if row in wrong else REPEAT if row in repeats else entry.would


def short_head(head: Iterable[tuple[int, list[Cell]]]) -> list[tuple[int, list[str]]]:
    """Return the first rows of a file as short texts, for choosing columns."""
    return [(number, [str(plain(cell))[:_HEAD_CELL] for cell in cells]) for number, cells in head]


def plain(cell: Cell) -> int | float | str | bool:
    """Return a cell as JSON can hold it; numbers stay numbers, for Excel's damage shows in them."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell) if isinstance(cell, date | time | timedelta) else cell


def seal(table: Table) -> bytes:
    """Return the table as a file only this enterprise can open."""
    lines = [_packed(entry) for entry in table.entries]
    body = {"head": table.head, "heading_row": table.heading_row, "places": table.places, "entries": lines}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return sealing.seal_bytes(zlib.compress(text.encode(), 1), sealing.ROSTER)


def unseal(sealed: bytes) -> Table:
    """Open a file made by :func:`seal`."""
    body: dict[str, Any] = json.loads(zlib.decompress(sealing.unseal_bytes(sealed, sealing.ROSTER)))
    head = [(number, cells) for number, cells in body["head"]]
    return Table(head, body["heading_row"], body["places"], [_unpacked(parts) for parts in body["entries"]])


def _packed(entry: Entry) -> list[Any]:
    draft, line = entry.line.draft, entry.line
    hired_on = draft.hired_on.isoformat() if draft.hired_on else None
    who, work = (draft.name, draft.id_number, draft.mobile), (draft.unit, draft.position, draft.employee_no, draft.role)
    values = [*who, *work, hired_on]
    own = [[p.column, p.code, p.details] for p in line.problems]
    clash = [[p.column, p.code, p.details] for p in entry.clash]
    return [draft.row, [plain(cell) for cell in line.cells], values, own, clash, entry.would, entry.dropped]


def _unpacked(parts: list[Any]) -> Entry:
    row, cells, values, own, clash, would, dropped = parts
    name, id_number, mobile, unit, position, employee_no, role, day = values
    hired_on = date.fromisoformat(day) if day else None
    draft = Draft(row, name, id_number, mobile, unit, position, employee_no, role, hired_on)
    return Entry(Line(cells, draft, _problems(row, own)), _problems(row, clash), would, dropped)


def _problems(row: int, some: list[list[Any]]) -> list[Problem]:
    return [Problem(row, column, code, cast("dict[str, Any]", details)) for column, code, details in some]
