"""A waiting list as a manager sees it: rows to mend, rows that are right, what the columns are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.people.models import Learner
from apps.people.roster import cells as reading
from apps.people.roster import headings, problems
from apps.people.roster import table as tables
from apps.people.roster.checks import Draft
from apps.people.roster.headings import COLUMNS
from apps.people.roster.table import Entry, Settled, Table
from infra.kit import identity

LABELS: dict[str, tuple[str, str | Promise]] = {
    tables.WRONG: ("stop", _("有错")),
    tables.NEW: ("proven", _("新增")),
    tables.UPDATE: ("info", _("更新")),
    tables.SAME: ("neutral", _("没有变化")),
    tables.REPEAT: ("neutral", _("重复行")),
    tables.DROPPED: ("neutral", _("已移除")),
}
"""Outcome -> (tone, word), in the order in which they are shown."""
KEY_COLUMNS = ("name", "id_number", "mobile")
"""What shows of every row on a phone."""
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell. ``says``: what is wrong with it, in words, may be empty; ``is_key``: shown on a phone too."""

    column: str
    label: str
    value: str
    says: list[str]
    is_key: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """One row. ``outcome`` of ``tables.OUTCOMES`` with its ``tone`` and ``word``."""

    row: int
    outcome: str
    tone: str
    word: str
    cells: list[CellView]


def rows_of(table: Table, settled: Settled, outcome: str) -> list[Entry]:
    """Return the entries that have an outcome."""
    return [entry for entry in table.entries if settled.outcomes[entry.line.row] == outcome]


def row_view(entry: Entry, settled: Settled, *, open_numbers: bool) -> RowView:
    """Return a row in words.

    :param open_numbers: show ID and mobile numbers as typed, to be mended; else masked
    """
    row = entry.line.row
    outcome = settled.outcomes[row]
    said: dict[str, list[str]] = {}
    for problem in settled.wrong.get(row, []):
        words = problems.words(problem.as_json())
        said.setdefault(problem.column, []).append(_("%(what)s。%(how)s") % words)
    values = _typed(entry) if open_numbers else _masked(entry.line.draft)
    shown = [CellView(c, str(COLUMNS[c]), values[c], said.get(c, []), c in KEY_COLUMNS) for c in COLUMNS]
    tone, word = LABELS[outcome]
    return RowView(row, outcome, tone, str(word), shown)


def _typed(entry: Entry) -> dict[str, str]:
    return {column: reading.text(cell) for column, cell in zip(COLUMNS, entry.line.cells, strict=True)}


def _masked(draft: Draft) -> dict[str, str]:
    values = {column: str(getattr(draft, column) or "") for column in COLUMNS}
    if draft.id_number:
        values["id_number"] = identity.mask_resident_id(draft.id_number)
    if draft.mobile:
        values["mobile"] = identity.mask_mobile(draft.mobile)
    values["role"] = str(Learner.Role(draft.role).label) if draft.role else ""
    return values


def columns_of(table: Table, row: int, proposed: dict[int, str]) -> Iterator[dict[str, Any]]:
    """Give the columns of a file: ``{"index", "letter", "heading", "samples", "column"}``, empty columns left out.

    :param row: the row of the headings, 0 for none
    """
    heading = next((cells for number, cells in table.head if number == row), [])
    below = [cells for number, cells in table.head if number > row]
    for index in range(max((len(cells) for _number, cells in table.head), default=0)):
        samples = [cells[index] for cells in below if index < len(cells) and cells[index]][:_SAMPLES]
        title = heading[index] if index < len(heading) else ""
        if title or samples:
            yield {
                "index": index,
                "letter": chr(65 + index) if index < 26 else f"A{chr(39 + index)}",
                "heading": title,
                "samples": samples,
                "column": proposed.get(index, headings.IGNORED),
            }
