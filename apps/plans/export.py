"""A plan's progress as an Excel file. Every cell is text or number, never a formula, whatever people are called."""

import io
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.rules import HOUR_MS
from infra.kit import clock, marking

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_SLICE = 500


def plan_sheet(plan: TrainingPlan, rows: QuerySet[Assignment]) -> bytes:
    """Return the workbook: one line for each learner, hours with one decimal (cut), days as text. Rows pass through in slices."""
    import xlsxwriter  # slow to import, and few processes write sheets

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("学员进度"))
    bold = book.add_format({"bold": True})
    write_row(sheet, 0, [plan.title, _("截止 %(day)s") % {"day": plan.due_on.isoformat()}], bold)
    write_row(sheet, 1, _heads(), bold)
    sheet.freeze_panes(2, 1)
    sheet.set_column(0, 8, 16)
    for number, line in enumerate(_lines(plan, rows), 2):
        write_row(sheet, number, line)
    marking.stamp_here(book, marking.PERSONS)
    book.close()
    return out.getvalue()


def _heads() -> list[str]:
    return [
        _("姓名"),
        _("证件号"),
        _("部门"),
        _("应修学时"),
        _("实修学时"),
        _("状态"),
        _("考试成绩"),
        _("完成日期"),
        _("证明编号"),
    ]


def _lines(plan: TrainingPlan, rows: QuerySet[Assignment]) -> Iterable[list[Any]]:
    found = rows.iterator(chunk_size=_SLICE)
    while part := list(islice(found, _SLICE)):
        known = people.learners([row.learner_id for row in part])
        for row in part:
            view = known[row.learner_id]
            done_on = clock.shanghai_date(row.completed_at).isoformat() if row.completed_at else ""
            yield [view.name, view.masked_id, view.unit, _hours(row.required_ms or plan.required_ms), _hours(row.earned_ms),
                   str(Assignment.State(row.state).label), row.exam_score, done_on,
                   row.certificate.number if row.certificate else ""]  # fmt: skip


def _hours(ms: int) -> float:
    return ms * 10 // HOUR_MS / 10


def safe_text(value: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula, also after it was saved as CSV."""
    return f"'{value}" if value.startswith(_RISKY) else value


def write_row(sheet: Any, row: int, cells: list[Any], style: Any = None) -> None:
    """Write one line of a sheet: numbers as numbers, everything else as harmless text."""
    for column, value in enumerate(cells):
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        elif value:
            sheet.write_string(row, column, safe_text(str(value)), style)
