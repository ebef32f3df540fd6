"""A list of the desk as a workbook: all of it, or a refusal; that it leaves is noted by the wiring (`infra/wiring/mediation.py`)."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse

from infra.kit import sheets
from infra.kit.labels import Label
from infra.kit.marking import PLAIN

MOST = 20_000
Row = TypeVar("Row", bound=Model)


def rows_of(found: QuerySet[Row]) -> list[Row]:
    """Return the rows of a file.

    :raises DomainError: 422 ``too_many``: nothing is left out without a word
    """
    return list(sheets.not_too_many(found, MOST))


def answer(
    name: str, title: str, heads: Sequence[str], lines: Iterable[Sequence[sheets.Cell]], *, label: Label = PLAIN
) -> HttpResponse:
    """Return a workbook to be saved as ``name.xlsx``, kept by no cache."""
    given = HttpResponse(sheets.xlsx_file(title, heads, lines, label=label), content_type=sheets.XLSX)
    given["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    given["Cache-Control"] = "private, no-store"
    return given
