"""Questions as files, in a form that :mod:`opening` reads back the same: a workbook, or numbered text in Word."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from infra.kit import sheets
from public.questions.content import BLANK, CASE, JUDGE, LETTERS, TEXT
from public.questions.reading import wording
from public.questions.reading.table import COLUMNS

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FEWEST_OPTIONS = 4
_LOOKS_DEFUSED = re.compile(r"'+[=+@\t\r＝＋－＠-]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Item = Mapping[str, Any]
"""A content, with a ``code`` where it has one."""


def answer_text(item: Item) -> str:
    """Return the answer as it is written in files: letters, 正确 or 错误, gaps between ``；`` with spellings between ``|``."""
    kind, answer = item["kind"], item["answer"]
    if kind == JUDGE:
        return {"A": wording.TRUE_WORD, "B": wording.FALSE_WORD}.get(answer[0], "") if answer else ""
    if kind == TEXT:
        return "".join(answer)
    if kind == BLANK:
        gaps = ["|".join(gap) for gap in answer]
        return ("\n" if any(mark in gap for gap in gaps for mark in "；;") else "；").join(gaps)
    return "".join(answer)


def workbook(items: Sequence[Item], *, title: str) -> bytes:
    """Return questions as .xlsx, one a row; a case is its material in one row and its sub-questions in the next ones."""
    most = max((len(one.get("options", [])) for item in items for one in (item, *item.get("parts", []))), default=0)
    letters = LETTERS[: max(most, _FEWEST_OPTIONS)]
    heads = [COLUMNS["code"], COLUMNS["kind"], COLUMNS["stem"], *(f"选项{letter}" for letter in letters)]
    names = ("answer", "explanation", "basis", "difficulty", "points", "topic", "case", "story")
    heads += [*(COLUMNS[name] for name in names), "备注"]
    return sheets.xlsx_file(title, heads, ([*map(_cell, row)] for row in _rows(items, letters)))


def _cell(value: Any) -> Any:
    """Let a text that looks like one of an export's marks be read back as it is."""
    return f"'{value}" if isinstance(value, str) and _LOOKS_DEFUSED.match(value) else value


def _rows(items: Iterable[Item], letters: str) -> Iterator[list[Any]]:
    cases = 0
    for item in items:
        about = [item["difficulty"], "、".join(item.get("points", [])), item["topic"]]
        if item["kind"] != CASE:
            yield [*_row(item, letters), *about, "", "", _remark(item)]
            continue
        cases += 1
        name = f"案例{cases}"
        head = [
            item.get("code", ""),
            wording.NAMES[CASE],
            "",
            *[""] * len(letters),
            "",
            item.get("explanation", ""),
            item.get("basis", ""),
        ]
        yield [*head, *about, name, item["stem"], _remark(item)]
        for part in item["parts"]:
            yield [*_row(part, letters), "", "", "", name, "", _remark(part)]


def _row(item: Item, letters: str) -> list[Any]:
    texts = {option["key"]: option["text"] for option in item.get("options", [])}
    if item["kind"] == JUDGE:
        texts = {}
    options = [texts.get(letter, "") for letter in letters]
    after = [answer_text(item), item.get("explanation", ""), item.get("basis", "")]
    return [item.get("code", ""), wording.NAMES[item["kind"]], item["stem"], *options, *after]


def _remark(item: Item) -> str:
    count = len(item.get("media", []))
    return f"原题有 {count} 个图片或视频，没有导出" if count else ""


def paper_lines(items: Iterable[Item]) -> Iterator[str]:
    """Give the questions as numbered text, a field a line; a line may hold line breaks."""
    for number, item in enumerate(items, 1):
        yield f"{number}.【{wording.NAMES[item['kind']]}】{item['stem']}"
        if item["kind"] != CASE:
            yield from _fields(item)
        elif item.get("explanation") or item.get("basis"):
            yield from _labelled(item, ("解析", "explanation"), ("依据", "basis"))
        yield f"【难度】{item['difficulty']}"
        if item.get("points"):
            yield f"【知识点】{'、'.join(item['points'])}"
        yield f"【知识主题】{item['topic']}"
        if item.get("code"):
            yield f"【编号】{item['code']}"
        if remark := _remark(item):
            yield f"【备注】{remark}"
        for part_number, part in enumerate(item.get("parts", []), 1):
            yield f"（{part_number}）【{wording.NAMES[part['kind']]}】{part['stem']}"
            yield from _fields(part)
        yield ""


def _fields(item: Item) -> Iterator[str]:
    if item["kind"] != JUDGE:
        for option in item.get("options", []):
            yield f"{option['key']}. {option['text']}"
    yield f"【答案】{answer_text(item)}"
    yield from _labelled(item, ("解析", "explanation"), ("依据", "basis"))


def _labelled(item: Item, *names: tuple[str, str]) -> Iterator[str]:
    for label, name in names:
        if item.get(name):
            yield f"【{label}】{item[name]}"


def document(items: Iterable[Item], *, title: str, about: Sequence[str] = ()) -> bytes:
    """Return questions as .docx; ``about`` are lines below the title that no reader takes for questions."""
    paragraphs = [
        _paragraph(title, "Title"),
        *(_paragraph(line, "Subtitle") for line in about),
        *map(_paragraph, paper_lines(items)),
    ]
    body = f'<w:document xmlns:w="{_W}"><w:body>{"".join(paragraphs)}{_PAGE}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (*_PARTS, ("word/document.xml", body)):
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), _HEAD + content)
    return out.getvalue()


def _paragraph(text: str, style: str = "") -> str:
    runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(_CONTROL.sub("", line)) for line in text.split("\n"))
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
    'w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
)
_FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="宋体"/>'


def _style(name: str, attributes: str, more: str, size: int) -> str:
    return (
        f'<w:style w:type="paragraph" {attributes}w:styleId="{name}"><w:name w:val="{name}"/><w:pPr><w:spacing w:after="60"/>'
        f'</w:pPr><w:rPr>{_FONTS}{more}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


_STYLES = (
    _style("Normal", 'w:default="1" ', "", 22)
    + _style("Title", "", "<w:b/>", 32)
    + _style("Subtitle", "", '<w:color w:val="666666"/>', 20)
)
_PARTS = (
    (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
    ),
    (
        "word/_rels/document.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/styles" '
        'Target="styles.xml"/></Relationships>',
    ),
    ("word/styles.xml", f'<w:styles xmlns:w="{_W}">{_STYLES}</w:styles>'),
)
