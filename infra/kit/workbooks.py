"""Reads the sheets of an .xlsx that a stranger sent; its parts are measured first (`packed`)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum, XmlError, ZipError

from infra.kit import packed
from infra.kit.packed import Unusable

Cell = int | float | str | bool | time | date | datetime | timedelta
_ERRORS = (CalamineError, XmlError, ZipError, OSError, ValueError)


def sheets(data: bytes, *, most_rows: int, most_columns: int) -> list[tuple[str, Iterator[tuple[int, list[Cell]]]]]:
    """Return (title, rows) of the visible sheets; a row is (number as Excel shows it, cells from column A), blank rows left out.

    A value merged over several rows is given in each of them, in the first column of the merged range. Formulas give what was
    worked out when the file was saved.

    :raises Unusable: the file cannot be used; also ``no_sheet``
    """
    parts = packed.measured(data, main="xl/workbook.xml", most_rows=most_rows, most_columns=most_columns)
    try:
        book = CalamineWorkbook.from_filelike(packed.stored(parts))
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        found = [(name, _rows(book.get_sheet_by_name(name), most_columns)) for name in shown]
    except _ERRORS as error:
        raise Unusable("broken") from error
    if not found:
        raise Unusable("no_sheet")
    return found


def _rows(sheet: CalamineSheet, most_columns: int) -> Iterator[tuple[int, list[Cell]]]:
    merged = _Merged(sheet.merged_cell_ranges or [], most_columns)
    return _filled(sheet, merged)


def _filled(sheet: CalamineSheet, merged: "_Merged") -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in cells):
            yield number, merged.fill(number - 1, cells)


class _Merged:
    """Values merged over several rows (a department beside its people), given to each row of the range."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]], most_columns: int) -> None:
        self.ends = {(top, left): bottom for (top, left), (bottom, _right) in ranges if bottom > top and left < most_columns}
        self.starts: dict[int, list[int]] = {}
        for top, left in self.ends:
            self.starts.setdefault(top, []).append(left)
        self.held: dict[int, tuple[int, Cell]] = {}

    def fill(self, row: int, cells: list[Cell]) -> list[Cell]:
        """Return the cells of row ``row`` (from 0) with what is held above; remember what begins here."""
        for column, (bottom, value) in list(self.held.items()):
            if row > bottom:
                del self.held[column]
            elif column < len(cells) and cells[column] == "":
                cells[column] = value
        for column in self.starts.get(row, ()):
            self.held[column] = (self.ends[row, column], cells[column] if column < len(cells) else "")
        return cells
