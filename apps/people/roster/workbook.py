"""Opens an uploaded .xlsx or CSV without trusting it.

A workbook is a zip of XML. Its own sizes may lie, and one cell at XFD1048576 makes a reader reserve gigabytes. So every part is
unpacked here within a limit, its cells are counted, and the reader only gets a copy of what was measured.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, XmlError, ZipError

from apps.people.roster import textfile
from infra.kit.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_PLAIN_BYTES = 64 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_PARTS = 1_000
_HEAD_ROOM = 20
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
Cell = int | float | str | bool | time | date | datetime | timedelta


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
    if data.startswith(_ZIP):
        _measured(data)
    else:
        for _row in rows(data):
            pass


def rows(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """Give (row number as Excel shows it, cells from column A) of the first visible sheet, blank rows left out.

    A value merged over several rows is given in each of them, in the first column of the merged range.

    :raises BadWorkbook: the file cannot be used
    """
    _refuse_at_once(data)
    yield from _of_workbook(data) if data.startswith(_ZIP) else _of_text(data)


def _of_workbook(data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    try:
        book = CalamineWorkbook.from_filelike(_measured(data))
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        if not shown:
            raise refuse("no_sheet")
        sheet = book.get_sheet_by_name(shown[0])
        merged = _Merged(sheet.merged_cell_ranges or [])
    except (CalamineError, XmlError, ZipError, OSError, ValueError) as error:
        raise refuse("broken") from error
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in cells):
            yield number, merged.fill(number - 1, cells)


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
    except textfile.NotText as error:
        raise refuse("not_a_list") from error
    except csv.Error as error:
        raise refuse("quotes") from error


class _Merged:
    """Values merged over several rows (a department beside its people), given to each row of the range."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self.ends = {(top, left): bottom for (top, left), (bottom, _right) in ranges if bottom > top and left < MAX_COLUMNS}
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


def _refuse_at_once(data: bytes) -> None:
    if not data:
        raise refuse("empty")
    if len(data) > MAX_BYTES:
        raise refuse("too_large")
    if data.startswith(_OLD_OR_LOCKED):
        raise refuse("old_or_locked")


def _measured(data: bytes) -> io.BytesIO:
    _refuse_at_once(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _copy(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, expat.ExpatError) as error:
        raise refuse("broken") from error


def _copy(archive: zipfile.ZipFile) -> io.BytesIO:
    """Copy the XML parts, uncompressed, while counting them; pictures and macros are left out."""
    parts = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
    names = {info.filename for info in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise refuse("not_a_list")
    if len(parts) > MAX_PARTS or len(names) != len(parts):
        raise refuse("broken")
    if sum(info.file_size for info in parts) > MAX_PLAIN_BYTES:
        raise refuse("bomb")
    copy, left = io.BytesIO(), MAX_PLAIN_BYTES
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for info in parts:
            plain = _part(archive, info, left)
            left -= len(plain)
            target.writestr(info.filename, plain)
    copy.seek(0)
    return copy


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    gauge, plain = _Gauge(), bytearray()
    with archive.open(info) as stream:
        while chunk := stream.read(256 * 1024):
            plain += chunk
            if len(plain) > most:
                raise refuse("bomb")
            gauge.feed(chunk)
    return bytes(plain)


class _Gauge:
    """Follows a part as it is read; refuses a worksheet whose filled cells lie too far out, and any DTD."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._root
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.watching = True
        self.row = self.column = 0

    def feed(self, chunk: bytes) -> None:
        """Read on, as long as it matters."""
        if self.watching:
            self.parser.Parse(chunk, False)

    def _doctype(self, *_parts: object) -> None:
        raise refuse("broken")

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        self.watching = name.rpartition(":")[2] == "worksheet"
        self.parser.StartElementHandler = self._element if self.watching else None

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name if ":" not in name else name.rpartition(":")[2]
        if kind == "c":
            if place := attributes.get("r"):
                letters = place.rstrip("0123456789")
                self.column = _column(letters)
                self.row = int(place[len(letters) :] or self.row)
            else:
                self.column += 1
        elif kind == "row":
            self.row, self.column = int(attributes.get("r") or self.row + 1), 0
        elif kind in {"v", "is"}:
            self._filled()

    def _filled(self) -> None:
        if self.row > MAX_ROWS + _HEAD_ROOM:
            raise refuse("too_many_rows")
        if self.column > MAX_COLUMNS:
            raise refuse("too_wide")


@lru_cache(maxsize=1000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter.upper()) - 64
    return number
