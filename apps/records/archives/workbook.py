"""A file as a workbook: the person or class on the first sheet, each kind of table on one of its own. Texts only, never a formula."""

import io
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.records.archives import words
from apps.records.archives.shapes import FileDocument
from infra.kit import marking, sheets

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
Line = Sequence[str]


def workbook(document: FileDocument) -> bytes:
    """Return a file as xlsx; tables of the same name from several trainings stand together, the training in front."""
    import xlsxwriter  # slow to import, and few processes write sheets

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    style = book.add_format({"bold": True, "bg_color": "#E6EEF7"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    names: set[str] = set()
    _facts(book.add_worksheet(_name(document.kind, names)), document, style, wrap)
    for title, heads, lines in _tables(document):
        page = book.add_worksheet(_name(title, names))
        page.freeze_panes(1, 0)
        page.set_column(0, max(0, len(heads) - 1), 20)
        for number, line in enumerate([heads, *lines]):
            _write(page, number, line, style if number == 0 else None)
    marking.stamp_here(book, marking.PERSONS)
    book.close()
    return out.getvalue()


def _facts(page: Any, document: FileDocument, style: Any, wrap: Any) -> None:
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 90)
    lines = [(document.kind, document.title), (_("企业"), document.enterprise), (_("统一社会信用代码"), document.uscc)]
    lines += [*document.facts, (_("概况"), document.head_line), *_seal(document), (document.printed, "")]
    for number, (name, value) in enumerate(lines):
        page.write_string(number, 0, sheets.safe_text(name), style)
        page.write_string(number, 1, sheets.safe_text(value), wrap)


def _seal(document: FileDocument) -> list[tuple[str, str]]:
    seal = document.seal
    if seal is None:
        return []
    whole = {True: _("首尾相连，没有被改动"), None: _("逐条核验见学员档案")}.get(seal.is_whole, seal.problem)
    head = _("第 %(size)d 条，%(at)s，根 %(root)s") % {"size": seal.size, "at": words.moment(seal.at), "root": seal.root}
    return [
        (_("记录链"), whole),
        (_("已封存"), f"{seal.sealed} / {seal.entries}"),
        (_("最新封存点"), head if seal.size else words.NONE),
    ]


def _tables(document: FileDocument) -> list[tuple[str, Line, list[Line]]]:
    found: dict[tuple[str, tuple[str, ...]], list[Line]] = {}
    parts: list[Line] = []
    marks: list[Line] = []
    for section in document.sections:
        parts += [[section.title, name, value] for name, value in section.facts]
        marks += [
            [section.title, mark.role, mark.name, mark.at, mark.way, mark.digest, str(mark.n or ""), mark.hash_hex]
            for mark in section.marks
        ]
        for table in section.tables:
            rows = found.setdefault((table.title, tuple(table.heads)), [])
            rows += [[section.title, *row] for row in table.rows]
    made: list[tuple[str, Line, list[Line]]] = []
    if parts:
        made.append((_("培训概况"), [_("部分"), _("项目"), _("内容")], parts))
    made += [(title, [_("部分"), *heads], rows) for (title, heads), rows in found.items()]
    heads = [_("培训"), _("签名人"), _("姓名"), _("时间"), _("方式"), _("笔迹摘要（SHA-256）"), _("记录条号"), _("记录指纹")]
    return [*made, (_("签名"), heads, marks)] if marks else made


def _name(title: str, taken: set[str]) -> str:
    """Return a name that a sheet may bear, and no other bears."""
    base = _FORBIDDEN.sub(" ", title).strip("' ")[:28] or "-"
    name, n = base, 2
    while name.lower() in taken:
        name, n = f"{base} {n}", n + 1
    taken.add(name.lower())
    return name


def _write(page: Any, row: int, cells: Line, style: Any) -> None:
    for column, value in enumerate(cells):
        if value:
            page.write_string(row, column, sheets.safe_text(value), style)
