"""Which kind of file somebody sent, and its rows or lines; refuses what nobody should open."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

from infra.kit import packed, workbooks
from infra.kit.texts import NotText, decode
from infra.kit.workbooks import Cell
from public.questions.reading import paper, table, word, wording
from public.questions.reading.paper import Line
from public.questions.reading.shapes import MAX_BYTES, MAX_COLUMNS, MAX_LINES, MAX_QUESTIONS, BadFile, Reading, refuse
from public.questions.reading.table import Row

_DEFUSED = re.compile(r"'+[=+@\t\r＝＋－＠-]")
_LOOK_AT = 15


def read(data: bytes, *, topic: str = "") -> Reading:
    """Read a file of questions: .xlsx, .docx or text.

    :param topic: what questions without a topic of their own belong to
    :raises BadFile: it cannot be used; its words say what to do
    """
    if not data.strip():
        raise refuse("empty")
    if len(data) > MAX_BYTES:
        raise refuse("too_large")
    if data.startswith(packed.OLD_OR_LOCKED):
        raise refuse("old_or_locked")
    if data.startswith(packed.ZIP):
        return _of_office(data, topic)
    try:
        text = decode(data)
    except NotText as error:
        raise refuse("other_kind") from error
    return read_text(text, topic=topic)


def read_text(text: str, *, topic: str = "") -> Reading:
    """Read pasted text: numbered questions, or rows copied out of a spreadsheet with their headings.

    :raises BadFile: see :func:`read`
    """
    if len(text) > MAX_BYTES:
        raise refuse("too_large")
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise refuse("too_many_rows")
    if mark := _separator(lines):
        return table.read(_rows_of_text(text, mark), topic=topic)
    return paper.read([Line(number, words, holds=()) for number, words in enumerate(lines, 1)], topic=topic)


def _separator(lines: list[str]) -> str:
    """Return what parts the cells where the lines are rows under headings of questions, else ""."""
    filled = [line for line in lines if line.strip()][:_LOOK_AT]
    for mark in "\t,":
        if any(mark in line and table.heads((0, line.split(mark))).is_table_of_questions for line in filled):
            return mark
    return ""


def _rows_of_text(text: str, mark: str) -> Iterator[Row]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1):
            yield number, [_undefused(cell) for cell in cells]
    except csv.Error as error:
        raise refuse("broken") from error


def _of_office(data: bytes, topic: str) -> Reading:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise refuse("with_macros")
        if "word/document.xml" in names:
            return word.read(packed.measured(data, main="word/document.xml", most_rows=0, most_columns=0), topic=topic)
        rows = workbooks.sheets(data, most_rows=MAX_QUESTIONS * 4, most_columns=MAX_COLUMNS)
        return _of_sheets(rows, topic)
    except (zipfile.BadZipFile, ValueError) as error:
        raise refuse(error.code if isinstance(error, packed.Unusable) else "broken") from error


def _of_sheets(sheets: list[tuple[str, Iterator[tuple[int, list[Cell]]]]], topic: str) -> Reading:
    """Read every sheet that has headings of questions; a sheet called 单选题 says so for rows that do not."""
    whole = Reading()
    why: BadFile | None = None
    for title, rows in sheets:
        try:
            part = table.read(
                ((number, [_text(cell) for cell in cells]) for number, cells in rows), topic=topic, kind=_kind_of(title)
            )
        except BadFile as refusal:
            if refusal.code in {"too_many_rows", "bomb"}:
                raise
            why = refusal if why is None or why.code == "no_headings" else why
            continue
        for draft in part.drafts:
            draft.sheet = title if len(sheets) > 1 else ""
        whole.add(part)
    if not whole.drafts:
        raise why or refuse("no_questions")
    return whole


def _kind_of(title: str) -> str:
    return next((wording.KIND_OF[known] for known in wording.KIND_WORDS if known in title), "")


def _text(cell: Cell) -> str:
    """Return a cell as people meant it: whole numbers without ``.0``, days as days, no mark of an export (``'=``)."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return _undefused(str(cell).replace("\r\n", "\n").replace("_x000D_", "").replace("\0", ""))


def _undefused(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text
