"""The list of certificates as an Excel file. Every cell is text or number, never a formula, whatever people are called."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.plans.export import write_row
from apps.plans.models import Assignment
from apps.plans.rules import credit_hours
from apps.records import api as records
from infra.kit import clock, marking


def certificate_sheet(rows: QuerySet[Assignment], *, origin: str, on: date) -> bytes:
    """Return the workbook: one line for each certificate; identity numbers masked as on paper.

    :param rows: of `queries.certified`
    :param origin: of the platform, for the address of the public page
    """
    import xlsxwriter  # slow to import, and few processes write sheets

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("培训证明"))
    heads = [_("证明编号"), _("姓名"), _("证件号"), _("部门"), _("培训项目"), _("培训类别"), _("实修学时"), _("发证日期"), _("有效期至"),
             _("状态"), _("核验网址")]  # fmt: skip
    write_row(sheet, 0, heads, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 10, 18)
    for number, line in enumerate(_lines(rows, origin, on), 1):
        write_row(sheet, number, line)
    marking.stamp_here(book, marking.PERSONS)
    book.close()
    return out.getvalue()


def _lines(rows: QuerySet[Assignment], origin: str, on: date) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=500):
        paper = row.certificate
        assert paper is not None  # noqa: S101 - the query asked for it
        body = paper.body
        yield [
            paper.number,
            body["name"],
            body["masked_id"],
            row.learner.unit.name if row.learner.unit else "",
            body["training"],
            body["category"],
            credit_hours(body["earned_ms"]),
            clock.shanghai_date(paper.issued_at).isoformat(),
            body.get("valid_until") or _("长期有效"),
            str(records.STATE_LABELS[records.certificate_state(row, on=on)]),
            f"{origin}/verify/{paper.code}",
        ]
