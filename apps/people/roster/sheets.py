"""Writes Excel files: the template, the annotated list, the export. Everything typed by people is written as text."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.people import sealing
from apps.people.models import Learner
from apps.people.roster.headings import COLUMNS, REQUIRED
from apps.people.roster.workbook import MAX_ROWS
from infra.kit import marking
from infra.kit import sheets as tables
from infra.kit.workbooks import Cell

_TEXT = 49
"""The number of the built-in format “text” in every Excel."""
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"name": 12, "id_number": 22, "mobile": 15, "unit": 20, "position": 14, "employee_no": 12, "role": 18, "hired_on": 13}
_RISKY = re.compile(r"'*[=+@＝＋－＠\t\r\n-]")


def safe(value: object) -> str:
    """Return text that no spreadsheet runs, not even after it was saved as CSV and opened again (OWASP, CSV injection).

    ``cells.text`` takes the apostrophe off again, so that a list that went out comes back as it was.
    """
    text = str(value)
    return f"'{text}" if _RISKY.match(text) else text


def people(rows: Iterable[Learner], paths: Mapping[int, str]) -> Iterator[list[str]]:
    """Give people in the columns of the template, numbers in full: what comes back as it is changes nothing.

    :param paths: unit id -> its path, see ``queries.units``
    """
    for row in rows:
        numbers = [sealing.unseal(row.id_sealed, sealing.ID), sealing.unseal(row.mobile_sealed, sealing.MOBILE)]
        work = [paths.get(row.unit_id or 0, ""), row.position, row.employee_no, str(Learner.Role(row.role).label)]
        yield [row.name, *numbers, *work, row.hired_on.isoformat() if row.hired_on else ""]


def titles() -> list[str]:
    """Return the headings of the template."""
    return [str(label) for label in COLUMNS.values()]


def people_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return people, or with none the empty list, as CSV. An apostrophe stands before the ID number, or Excel would make zeros of its last places."""
    at = list(COLUMNS).index("id_number")
    lines = ([f"'{cell}" if index == at else safe(cell) for index, cell in enumerate(row)] for row in rows)
    return tables.csv_file(titles(), lines)


def template() -> bytes:
    """Return the empty list: text cells for numbers, a choice of roles, a hint at each column, a second sheet of advice."""
    import xlsxwriter  # slow to import, and few processes write sheets

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("学员名单"))
        as_text, as_date = book.add_format({"num_format": _TEXT}), book.add_format({"num_format": "yyyy-mm-dd"})
        must = book.add_format({"bold": True, "bg_color": "#0B5CAD", "font_color": "#FFFFFF", "border": 1})
        may = book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1})
        for index, (column, label) in enumerate(COLUMNS.items()):
            sheet.set_column(index, index, _WIDTHS[column], as_date if column == "hired_on" else as_text)
            sheet.write_string(0, index, str(label), must if column in REQUIRED else may)
            sheet.data_validation(1, index, MAX_ROWS, index, _advice(column))
        sheet.freeze_panes(1, 1)
        _explain(book)
    return buffer.getvalue()


def annotated(rows: Iterable[tuple[int, Sequence[Cell]]], problems: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the person's own list with a column 问题 in front; wrong rows are marked, numbers stay text.

    :param problems: in words, as made by ``problems.words``
    """
    said: dict[int, list[str]] = {}
    for problem in problems:
        where = f"{problem['column']}：" if problem["column"] else ""
        said.setdefault(problem["row"], []).append(f"{where}{problem['what']}。{problem['how']}")
    import xlsxwriter  # slow to import, and few processes write sheets

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet, as_text = book.add_worksheet(), book.add_format({"num_format": _TEXT})
        wrong = book.add_format({"num_format": _TEXT, "bg_color": "#FDECEA", "font_color": "#B3261E", "text_wrap": True})
        sheet.set_column(0, 0, 60)
        sheet.set_column(1, 20, 18)
        sheet.write_string(0, 0, "\n".join([_("问题"), *said.get(0, [])]), wrong if 0 in said else as_text)
        for number, cells in rows:
            # The first row's words stand beside its cells; a problem of the file stands on top.
            here = "\n".join(said.get(number, []))
            if number > 1 or here:
                sheet.write_string(number - 1, 0, here, wrong if here else as_text)
            for index, cell in enumerate(cells, 1):
                sheet.write_string(number - 1, index, safe(_shown(cell)), as_text)
    return buffer.getvalue()


def export(rows: Iterable[Sequence[object]], titles: Sequence[str]) -> bytes:
    """Return a sheet of text cells under ``titles``; cells that look like formulas are defused."""
    import xlsxwriter  # slow to import, and few processes write sheets

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet, bold = book.add_worksheet(_("学员名单")), book.add_format({"bold": True})
        sheet.set_column(0, len(titles), 18)
        sheet.freeze_panes(1, 0)
        for index, title in enumerate(titles):
            sheet.write_string(0, index, title, bold)
        for number, row in enumerate(rows, 1):
            for index, value in enumerate(row):
                sheet.write_string(number, index, safe(value))
        marking.stamp_here(book, marking.PERSONS)
    return buffer.getvalue()


def _shown(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _advice(column: str) -> dict[str, Any]:
    hints = {
        "name": _("与身份证一致"),
        "id_number": _("18 位。本列是文本格式，请不要改成数字"),
        "mobile": _("本人的 11 位手机号，用于登录"),
        "unit": _("可写多级，例如 生产部/一车间"),
        "position": _("例如 车工、焊工"),
        "employee_no": _("选填"),
        "role": _("从下拉列表选择；留空为从业人员"),
        "hired_on": _("例如 2026-03-01"),
    }
    common = {"input_title": str(COLUMNS[column])[:32], "input_message": hints[column]}
    if column == "role":
        return {"validate": "list", "source": [str(label) for label in Learner.Role.labels], **common}
    return {"validate": "any", **common}


def _explain(book: Any) -> None:
    sheet = book.add_worksheet(_("填写说明"))
    sheet.set_column(0, 0, 90)
    lines = [
        _("深蓝色的三列必填，其余可以不填。列的顺序可以改变，多余的列会被忽略。"),
        _("身份证号请保持文本格式。如果显示成 3.30106E+17，末几位已经丢失，请重新填写。"),
        _("每个人用自己的手机号登录，手机号不能重复。"),
        _("再次导入同一个身份证号会更新这个人的信息，不会重复；留空的格子保持原来的内容。"),
        _("上传后先看检查结果：有错的格子可以在网页上直接改，确认之后才会写入。"),
    ]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)
