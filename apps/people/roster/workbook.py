"""Opens an uploaded .xlsx or CSV without trusting it; a workbook through `infra.kit.workbooks`."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from apps.people.roster import textfile
from infra.kit import packed, workbooks
from infra.kit.errors import DomainError
from infra.kit.texts import NotText
from infra.kit.workbooks import Cell

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
_HEAD_ROOM = 20


class BadWorkbook(DomainError):
    """The file cannot be used; the message says what to do. ``code`` names why."""


def refuse(code: str) -> BadWorkbook:
    """Return the refusal for a code."""
    words = {
        "empty": _("文件是空的，请选择填好的名单。"),
        "too_large": _("文件超过 10 MB。请删除图片和多余的工作表，或分成几个文件。"),
        "old_or_locked": _("文件有密码保护，或是旧版 .xls。请取消密码，用 Excel 或 WPS 另存为 .xlsx 后再上传。"),
        "not_a_list": _("这不是 Excel（.xlsx）或 CSV 文件。请用 Excel 或 WPS 打开名单，另存为 .xlsx 后再上传。"),
        "broken": _("文件已损坏，无法读取。请用 Excel 或 WPS 打开后重新保存，再上传。"),
        "quotes": _("CSV 文件里的引号不成对，会丢掉一部分名单。请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再上传。"),
        "bomb": _("文件解开后过大，不能导入。请把名单复制到新的工作簿，只保留数据，再上传。"),
        "too_many_rows": _("名单超过 20,000 行。请分成几个文件上传。"),
        "too_wide": _("表格超过 60 列。请只保留名单所需的列，或使用下载的模板。"),
        "no_sheet": _("文件里没有可见的工作表，请检查后再上传。"),
    }
    return BadWorkbook(code, words[code], status=422, field="file")


def check(data: bytes) -> None:
    """Say at once whether a file can be read at all.

    :raises BadWorkbook: it cannot
    """
    if data.startswith(packed.ZIP):
        _sheets(data)
    else:
        for _row in rows(data):
            pass


def rows(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """Give (row number as Excel shows it, cells from column A) of the first visible sheet, blank rows left out.

    A value merged over several rows is given in each of them, in the first column of the merged range.

    :raises BadWorkbook: the file cannot be used
    """
    _refuse_at_once(data)
    yield from _of_workbook(data) if data.startswith(packed.ZIP) else _of_text(data)


def _of_workbook(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    yield from _sheets(data)[0][1]


def _of_text(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    try:
        for number, cells in textfile.records(data):
            if not any(cells):
                continue
            if number > MAX_ROWS + _HEAD_ROOM:
                raise refuse("too_many_rows")
            if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                raise refuse("too_wide")
            yield number, [*cells[:MAX_COLUMNS]]
    except NotText as error:
        raise refuse("not_a_list") from error
    except csv.Error as error:
        raise refuse("quotes") from error


def _refuse_at_once(data: bytes) -> None:
    if not data:
        raise refuse("empty")
    if len(data) > MAX_BYTES:
        raise refuse("too_large")
    if data.startswith(packed.OLD_OR_LOCKED):
        raise refuse("old_or_locked")


def _sheets(data: bytes) -> list[tuple[str, Iterator[tuple[int, list[Cell]]]]]:
    _refuse_at_once(data)
    try:
        return workbooks.sheets(data, most_rows=MAX_ROWS + _HEAD_ROOM, most_columns=MAX_COLUMNS)
    except packed.Unusable as error:
        raise refuse("not_a_list" if error.code == "other_kind" else error.code) from error
