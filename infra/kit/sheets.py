"""Tables as files. Every cell is text or number, never a formula, whatever people wrote into it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from infra.kit import marking
from infra.kit.errors import DomainError
from infra.kit.labels import Label
from infra.kit.marking import PLAIN, Mark

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float
Row = TypeVar("Row", bound=Model)


def not_too_many(rows: QuerySet[Row], most: int) -> QuerySet[Row]:
    """Return the rows of a sheet; one query.

    :raises DomainError: 422 ``too_many``: nothing is left out without a word
    """
    require_at_most(most, rows.count())
    return rows


def require_at_most(most: int, count: int) -> None:
    """Refuse a sheet of more rows than it takes.

    :raises DomainError: 422 ``too_many``
    """
    if count > most:
        raise DomainError("too_many", _("一次最多导出 %(n)d 行，请先缩小筛选范围再导出。") % {"n": most}, status=422)


def safe_text(value: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula, also after it was saved as CSV."""
    return f"'{value}" if value.startswith(_RISKY) else value


def xlsx_file(
    name: str, heads: Sequence[str], lines: Iterable[Sequence[Cell]], *, label: Label = PLAIN, mark: Mark | None = None
) -> bytes:
    """Return a workbook of one sheet with a bold, frozen first row. Lines go to disk one by one: memory holds the finished file only.

    :param label: of what it holds; a file made within a request carries it, with who took it and when, as a mark
    :param mark: another mark than the request's own
    """
    import xlsxwriter  # slow to import, and few processes write sheets

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 16)
    _write(sheet, 0, heads, book.add_format({"bold": True}))
    for number, line in enumerate(lines, 1):
        _write(sheet, number, line, None)
    mark = mark or marking.here(label)
    if mark is not None:
        marking.stamp_book(book, mark)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, cells: Sequence[Cell], style: object) -> None:
    for column, value in enumerate(cells):
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        elif value:
            sheet.write_string(row, column, safe_text(value), style)


def csv_file(heads: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with a mark at its beginning, so that Excel reads Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    for line in lines:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in line])
    return out.getvalue().encode("utf-8-sig")
