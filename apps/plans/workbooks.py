"""Workbooks of several sheets. Every cell is text or number, never a formula, whatever people are called."""

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from infra.kit import marking
from infra.kit import sheets as tables

Cell = str | int | float | Decimal
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""Name, headings, lines."""
_RISKY = re.compile(r"'*[=+@＝＋－＠\t\r\n-]")
"""What spreadsheets may run, also full-width and behind apostrophes (OWASP, CSV injection)."""


def book(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook with one sheet for each, first rows bold and frozen."""
    out = io.BytesIO()
    write(out, sheets)
    return out.getvalue()


def response(sheets: Iterable[Sheet], name: str) -> HttpResponse:
    """Answer with a workbook to be saved; never kept by caches.

    :param name: of the file, without its ending
    """
    answer = HttpResponse(book(sheets), content_type=tables.XLSX)
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def write(out: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook, line by line: memory does not grow with them."""
    import xlsxwriter  # slow to import, and few processes write sheets

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as made:
        bold = made.add_format({"bold": True, "bg_color": "#E6EEF7"})
        for name, heads, lines in sheets:
            sheet = made.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(heads) - 1), 18)
            _line(sheet, 0, heads, bold)
            for number, cells in enumerate(lines, 1):
                _line(sheet, number, cells, None)
        marking.stamp_here(made, marking.PERSONS)


def _line(sheet: Any, row: int, cells: Sequence[Cell], style: object) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, int | float | Decimal):  # SQL's shares are decimals
            sheet.write_number(row, column, value, style)
        elif value:
            sheet.write_string(row, column, f"'{value}" if _RISKY.match(value) else value, style)
