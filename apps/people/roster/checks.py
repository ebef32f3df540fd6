"""Reads rows into drafts and says everything that is wrong with each; touches no database."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from apps.people.roster import headings
from apps.people.roster.problems import Problem
from apps.people.roster.workbook import MAX_ROWS, Cell
from infra.kit import identity

MOST = {"unit": 60, "position": 60, "employee_no": 30}
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T].*)?")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EXCEL_EPOCH = date(1899, 12, 30)
_ROLES = {
    "FZ": "主要负责人 负责人 企业负责人 法定代表人 总经理 PERSONINCHARGE",
    "GL": "安全生产管理人员 安全管理人员 安全管理员 安管人员 安全员 专职安全员 管理人员 SAFETYMANAGER",
    "BZ": "班组长 班长 组长 TEAMLEADER",
    "CY": "从业人员 一般从业人员 员工 普通员工 职工 工人 操作工 一线员工 WORKER",
    "TZ": "特种作业人员 特种作业 特种作业操作人员 特种工 SPECIALOPERATOR",
    "XF": "相关方人员 相关方 承包商 承包商人员 外包 外包人员 外来人员 CONTRACTOR",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in (role, *words.split())}


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


@dataclass(slots=True)
class Checked:
    """A whole list. ``total`` counts the rows with somebody in them."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    total: int = 0


def check(rows: Iterable[tuple[int, list[Cell]]], *, on: date, progress: Callable[[int], None] = lambda done: None) -> Checked:
    """Read a list below its headings and check every row on day ``on``.

    :param progress: told the number of rows read, every 500 rows
    """
    steady, found = iter(rows), Checked()
    places = _places(steady, found)
    if places is None:
        return found
    for number, cells in steady:
        found.total += 1
        if found.total > MAX_ROWS:
            found.problems.append(Problem(0, "", "too_many_rows"))
            return found
        found.drafts.append(_draft(number, cells, places, on, found.problems))
        if found.total % 500 == 0:
            progress(found.total)
    if not found.total:
        found.problems.append(Problem(0, "", "no_rows"))
    _twice(found, "id_number", "id_twice")
    _twice(found, "mobile", "mobile_twice")
    found.problems.sort(key=lambda problem: problem.row)
    return found


def _places(rows: Iterable[tuple[int, list[Cell]]], found: Checked) -> dict[str, int] | None:
    """Find the headings near the top; None (with problems) when they are not usable."""
    best = headings.Headings({}, headings.REQUIRED, ())
    for number, cells in rows:
        here = headings.read(cells)
        best = max(best, here, key=lambda h: len(h.places))
        if len(here.places) >= 2 or number >= headings.LOOK_THROUGH:
            break
    if len(best.places) < 2:
        found.problems.append(Problem(0, "", "no_headings"))
        return None
    found.problems += [Problem(0, column, "heading_missing") for column in best.missing]
    found.problems += [Problem(0, column, "heading_twice") for column in best.twice]
    return None if found.problems else best.places


def _draft(row: int, cells: Sequence[Cell], places: dict[str, int], on: date, problems: list[Problem]) -> Draft:
    def cell(column: str) -> Cell:
        index = places.get(column, len(cells))
        return cells[index] if index < len(cells) else ""

    def wrong(column: str, code: str, **details: object) -> None:
        problems.append(Problem(row, column, code, details))

    draft = Draft(row)
    draft.name = identity.normalise_name(text(cell("name")))
    if not draft.name or not identity.is_person_name(draft.name):
        wrong("name", "name_invalid" if draft.name else "name_missing")
    draft.id_number, code = read_id(cell("id_number"), on=on)
    if code:
        wrong("id_number", code)
    draft.mobile = identity.normalise_mobile(text(cell("mobile")))
    if not identity.is_mobile(draft.mobile):
        wrong("mobile", "mobile_invalid" if draft.mobile else "mobile_missing")
        draft.mobile = ""
    for column, most in MOST.items():
        value = text(cell(column))
        setattr(draft, column, value)
        parts = value.replace("／", "/").split("/") if column == "unit" else [value]
        if max(map(len, parts)) > most:
            wrong(column, "too_long", most=most)
    role = headings.plain(cell("role")).upper()
    draft.role = _ROLE_OF.get(role, "")
    if role and not draft.role:
        wrong("role", "role_unknown")
    draft.hired_on, good = read_date(cell("hired_on"))
    if not good:
        wrong("hired_on", "date_invalid")
    return draft


def text(cell: Cell) -> str:
    """Return a cell as people meant it: whole numbers without ``.0``, no invisible marks."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join("".join(c for c in str(cell) if c.isprintable() or c.isspace()).split())


def read_id(cell: Cell, *, on: date) -> tuple[str, str]:
    """Return (normalised ID number or "", problem code or "")."""
    typed = text(cell)
    if not typed:
        return "", "id_missing"
    value = identity.normalise_resident_id(typed)
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    # Excel keeps 15 digits of a number: the rest became zeros, whatever the cell shows.
    if _SCIENTIFIC.fullmatch(typed) or (number and len(value) > 15):
        return "", "id_mangled"
    if identity.is_resident_id(value, on=on):
        return value, ""
    return "", _id_problem(value)


def _id_problem(value: str) -> str:
    if re.fullmatch(r"[0-9]{15}", value):
        return "id_fifteen"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        return "id_length"
    if identity.has_check_digit(value):
        return "id_birth"
    return "id_mangled" if value.endswith("000") else "id_check"


def read_date(cell: Cell) -> tuple[date | None, bool]:
    """Return (date or None, whether the cell was empty or a date)."""
    if isinstance(cell, datetime):
        return cell.date(), True
    if isinstance(cell, date):
        return cell, True
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 10_000 < cell < 80_000:
        return _EXCEL_EPOCH + timedelta(days=int(cell)), True
    typed = text(cell)
    if not typed:
        return None, True
    parts = _DATE.fullmatch(typed.replace(" ", "")) or _DATE.fullmatch(typed) or _COMPACT_DATE.fullmatch(typed)
    try:
        return (date(*(int(part) for part in parts.groups())), True) if parts else (None, False)
    except ValueError:
        return None, False


def _twice(found: Checked, column: str, code: str) -> None:
    first: dict[str, int] = {}
    for draft in found.drafts:
        value = getattr(draft, column)
        if value and first.setdefault(value, draft.row) != draft.row:
            found.problems.append(Problem(draft.row, column, code, {"other": first[value]}))
