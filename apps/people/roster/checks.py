"""Reads rows into drafts and says everything that is wrong with each; touches no database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from apps.people.roster import cells as reading
from apps.people.roster import headings
from apps.people.roster.headings import COLUMNS, Headings
from apps.people.roster.problems import Problem
from apps.people.roster.workbook import MAX_ROWS
from infra.kit import identity
from infra.kit.workbooks import Cell

MOST = {"unit": 60, "position": 60, "employee_no": 30}
_TELL_EVERY = 500


@dataclass(slots=True)
class Draft:
    """One row that was read. Empty text means: not given."""

    row: int
    name: str = ""
    id_number: str = ""
    mobile: str = ""
    unit: str = ""
    position: str = ""
    employee_no: str = ""
    role: str = ""
    hired_on: date | None = None

    def says_the_same(self, other: "Draft") -> bool:
        """Whether two rows differ in nothing but their place."""
        return all(getattr(self, column) == getattr(other, column) for column in COLUMNS)


@dataclass(slots=True)
class Line:
    """A row of a list: its cells in the order of ``COLUMNS``, what was read from them, what is wrong with them alone."""

    cells: list[Cell]
    draft: Draft
    problems: list[Problem] = field(default_factory=list)

    @property
    def row(self) -> int:
        """The number Excel shows."""
        return self.draft.row


@dataclass(slots=True)
class Checked:
    """A whole list. ``head``: its first rows as they are; ``problems``: those of the file and of its headings."""

    head: list[tuple[int, list[Cell]]] = field(default_factory=list)
    headings: Headings = field(default_factory=lambda: headings.find([]))
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check(
    rows: Iterable[tuple[int, list[Cell]]],
    *,
    on: date,
    meanings: Mapping[str, str] | None = None,
    chosen: Headings | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Checked:
    """Read a list below its headings and check every row by itself on day ``on``.

    :param meanings: what headings mean that earlier lists taught; see ``headings.read``
    :param chosen: where a manager said the columns stand
    :param progress: told the number of rows read, every 500 rows
    """
    found, steady = Checked(), iter(rows)
    for number, cells in steady:
        found.head.append((number, cells))
        if number >= headings.LOOK_THROUGH:
            break
    found.headings = chosen or headings.find(found.head, meanings)
    found.problems = _of_headings(found.headings)
    if found.problems:
        return found
    for number, cells in chain(found.head, steady):
        if number > found.headings.row:
            found.lines.append(read_line(number, _ours(cells, found.headings.places), on=on))
        if len(found.lines) > MAX_ROWS:
            found.problems.append(Problem(0, "", "too_many_rows"))
            return found
        if number % _TELL_EVERY == 0:
            progress(len(found.lines))
    if not found.lines:
        found.problems.append(Problem(0, "", "no_rows"))
    return found


def _of_headings(here: Headings) -> list[Problem]:
    if len(here.places) < 2:
        return [Problem(0, "", "no_headings")]
    missing = [Problem(0, column, "heading_missing") for column in here.missing]
    return missing + [Problem(0, column, "heading_twice") for column in here.twice]


def _ours(cells: Sequence[Cell], places: Mapping[str, int]) -> list[Cell]:
    indexes = [places.get(column, len(cells)) for column in COLUMNS]
    return [cells[index] if index < len(cells) else "" for index in indexes]


def read_line(row: int, cells: list[Cell], *, on: date) -> Line:
    """Read one row, its cells in the order of ``COLUMNS``."""
    line = Line(cells, Draft(row))
    cell, draft = dict(zip(COLUMNS, cells, strict=True)), line.draft

    def wrong(column: str, code: str, **details: object) -> None:
        line.problems.append(Problem(row, column, code, details))

    draft.name = identity.normalise_name(reading.text(cell["name"]))
    if not draft.name or not identity.is_person_name(draft.name):
        wrong("name", "name_invalid" if draft.name else "name_missing")
    draft.id_number, code = reading.read_id(cell["id_number"], on=on)
    if code:
        wrong("id_number", code)
    draft.mobile = identity.normalise_mobile(reading.text(cell["mobile"]))
    if not identity.is_mobile(draft.mobile):
        wrong("mobile", "mobile_invalid" if draft.mobile else "mobile_missing")
        draft.mobile = ""
    for column, most in MOST.items():
        value = reading.text(cell[column])
        setattr(draft, column, value)
        parts = value.replace("／", "/").split("/") if column == "unit" else [value]
        if max(map(len, parts)) > most:
            wrong(column, "too_long", most=most)
    draft.role, known = reading.read_role(cell["role"])
    if not known:
        wrong("role", "role_unknown")
    draft.hired_on, good = reading.read_date(cell["hired_on"])
    if not good:
        wrong("hired_on", "date_invalid")
    return line


@dataclass(slots=True)
class Across:
    """What shows only when rows are laid beside each other. ``repeats``: rows that say again what another has said."""

    problems: list[Problem] = field(default_factory=list)
    repeats: set[int] = field(default_factory=set)


def across(lines: Sequence[Line]) -> Across:
    """Compare the rows of a list with each other."""
    found = Across()
    by_id: dict[str, Draft] = {}
    by_mobile: dict[str, Draft] = {}
    mangled = sum(problem.code == "id_mangled" for line in lines for problem in line.problems) > 1
    for line in lines:
        draft = line.draft
        first = by_id.setdefault(draft.id_number, draft) if draft.id_number else draft
        if first is not draft:
            if not line.problems and draft.says_the_same(first):
                found.repeats.add(draft.row)
            else:
                found.problems.append(Problem(draft.row, "id_number", "id_twice", {"other": first.row}))
            continue
        holder = by_mobile.setdefault(draft.mobile, draft) if draft.mobile else draft
        if holder is not draft:
            found.problems.append(Problem(draft.row, "mobile", "mobile_twice", {"other": holder.row}))
        if mangled and draft.id_number.endswith("000"):  # one in eleven still has a right check digit
            found.problems.append(Problem(draft.row, "id_number", "id_zeros"))
    return found
