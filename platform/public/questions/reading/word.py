"""Reads a Word file: its paragraphs with the numbers Word makes itself, its tables, its underlined gaps.

Read from the XML and not through a library: Word keeps automatic numbers, which begin most questions, outside of the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import Element, ParseError, XMLParser, fromstring

from public.questions.reading import paper, table
from public.questions.reading.numbering import Numbering
from public.questions.reading.paper import Line
from public.questions.reading.shapes import MAX_COLUMNS, MAX_LINES, MAX_QUESTIONS, BadFile, Reading, refuse

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}rPr", f"{W}pPr", _FALLBACK})
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_SIGNS = {("wingdings", 0xFC): "√", ("wingdings", 0xFE): "√", ("wingdings", 0xFB): "×", ("wingdings", 0xFD): "×",
          ("wingdings 2", 0x50): "√", ("wingdings 2", 0x52): "√", ("wingdings 2", 0x4F): "×", ("wingdings 2", 0x51): "×",
          ("symbol", 0xD6): "√", ("symbol", 0xB4): "×"}  # fmt: skip
_TITLES = frozenset({"Title", "Subtitle"})
"""Styles of what is said about a paper; no question stands there."""
_MOST_PARAGRAPHS = MAX_QUESTIONS * MAX_COLUMNS
"""Paragraphs that are read, those of text boxes within each other more than once."""
_DEEPEST = 200
_WIDE = "   "
"""Between the cells of a row that is read as a line: as wide as a tab."""


@dataclass(slots=True)
class _Words:
    """What a paragraph says: pieces with whether they are underlined, and what it holds besides."""

    pieces: list[tuple[str, bool]]
    holds: list[str]

    def text(self) -> str:
        """Return the text: underlined space is a gap, underlined words stand between marks."""
        joined: list[tuple[str, bool]] = []
        for text, is_under in self.pieces:
            if joined and joined[-1][1] == is_under:
                joined[-1] = (joined[-1][0] + text, is_under)
            else:
                joined.append((text, is_under))
        return "".join(_underlined(text) if is_under else text for text, is_under in joined)


def _underlined(text: str) -> str:
    return f"\ue000{text.strip()}\ue001" if text.strip(" \t\xa0\u3000_\n") else "____"


def read(parts: dict[str, bytes], *, topic: str) -> Reading:
    """Read the measured parts of a .docx.

    :raises BadFile: ``broken``, ``no_questions``, ``too_many_rows``
    """
    try:
        body = _parsed(parts["word/document.xml"]).find(f"{W}body")
        numbering = Numbering(
            *(_parsed(parts[name]) if name in parts else None for name in ("word/numbering.xml", "word/styles.xml"))
        )
    except ParseError as error:
        raise refuse("broken") from error
    if body is None:
        raise refuse("broken")
    if _is_deep(body):
        raise refuse("broken")
    lines, tables = _Document(numbering).read(body)
    return _put_together(lines, tables, topic)


def _parsed(plain: bytes) -> Element:
    return fromstring(plain, XMLParser())  # noqa: S314 - measured before: no DTD, so no entities


def _is_deep(body: Element) -> bool:
    """Whether elements stand within each other as deep as nobody writes; looked at before anything follows them down."""
    level = [body]
    for _depth in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def _put_together(lines: list[Line], tables: list[list[table.Row]], topic: str) -> Reading:
    whole = Reading()
    for rows in tables:
        whole.add(table.read(rows, topic=topic))
    try:
        part = paper.read(lines, topic=topic)
    except BadFile as refusal:
        if refusal.code != "no_questions" or not tables:
            raise
    else:
        whole.add(part)
    whole.drafts.sort(key=lambda draft: draft.line)
    return whole


class _Document:
    """Walks through the body, counting paragraphs."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._lines: list[Line] = []
        self._tables: list[list[table.Row]] = []
        self._count = 0

    def read(self, body: Element) -> tuple[list[Line], list[list[table.Row]]]:
        """Return the lines of text, and the tables that have headings of questions."""
        self._walk(body)
        return self._lines, self._tables

    def _walk(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._add(self._paragraph(child))
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag not in _GONE:
                self._walk(child)

    def _add(self, words: tuple[int, str, tuple[str, ...]]) -> None:
        number, text, holds = words
        for part in text.split("\n"):
            self._lines.append(Line(number, part, holds=holds))
            holds = ()
        if len(self._lines) > MAX_LINES:
            raise refuse("too_many_rows")

    def _paragraph(self, element: Element) -> tuple[int, str, tuple[str, ...]]:
        """Return (number, text with the automatic label, what it holds besides)."""
        self._count += 1
        if self._count > _MOST_PARAGRAPHS:
            raise refuse("too_many_rows")
        words = _Words([], [])
        _collect(element, words, is_under=False)
        text = words.text()
        style = element.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") in _TITLES:
            return self._count, "", ()
        if text.strip() or words.holds:
            text = self._numbering.label(element) + text
        return self._count, text, tuple(dict.fromkeys(words.holds))

    def _table(self, element: Element) -> None:
        rows = [*islice(self._rows(element), MAX_LINES + 1)]
        if len(rows) > MAX_LINES:
            raise refuse("too_many_rows")
        plain: list[table.Row] = [(number, cells) for number, cells, _holds in rows]
        if plain and any(table.heads(row).is_table_of_questions for row in plain[:3]):
            self._tables.append(plain)
            return
        for number, cells, holds in rows:
            if len(cells) == 1 or any("\n" in cell for cell in cells):
                for cell in cells:
                    self._add((number, cell, holds))
            else:
                self._lines.append(Line(number, _WIDE.join(cells), cells=tuple(cells), holds=holds))

    def _rows(self, element: Element) -> Iterator[tuple[int, list[str], tuple[str, ...]]]:
        above: list[str] = []
        within = {row for one in element.iter(f"{W}tbl") if one is not element for row in one.iter(f"{W}tr")}
        for row in element.iter(f"{W}tr"):
            if row in within:  # its words stand in the cell that holds its table
                continue
            cells: list[str] = []
            holds: list[str] = []
            number = self._count + 1
            for cell in row.findall(f"{W}tc"):
                found = [self._paragraph(one) for one in cell.iter(f"{W}p")]
                holds += [code for one in found for code in one[2]]
                text = "\n".join(one[1] for one in found)
                merge, span = cell.find(f"{W}tcPr/{W}vMerge"), cell.find(f"{W}tcPr/{W}gridSpan")
                if merge is not None and merge.get(f"{W}val", "continue") == "continue" and len(cells) < len(above):
                    text = above[len(cells)]
                wide = span.get(f"{W}val", "1") if span is not None else "1"
                cells += [text] + [""] * (min(int(wide) if wide.isdigit() else 1, 60) - 1)
            above = cells
            yield number, cells, tuple(holds)


def _collect(element: Element, words: _Words, *, is_under: bool) -> None:
    """Add what an element says, in the order of the text."""
    for child in element:
        tag = child.tag
        if tag == f"{W}r":
            _collect(child, words, is_under=_is_underlined(child))
        elif tag == f"{W}t":
            words.pieces.append((child.text or "", is_under))
        elif tag == f"{W}tab":
            words.pieces.append(("\t", is_under))
        elif tag in {f"{W}br", f"{W}cr"}:
            words.pieces.append(("\n", False))
        elif tag == f"{W}noBreakHyphen":
            words.pieces.append(("-", is_under))
        elif tag == f"{W}sym":
            words.pieces.append((_sign(child), False))
        elif tag in _PICTURES:
            words.holds.append("picture")
        elif tag in {f"{_MATH}oMath", f"{_MATH}oMathPara"}:
            words.holds.append("formula")
            words.pieces.append(("".join(one.text or "" for one in child.iter(f"{_MATH}t")), False))
        elif tag not in _GONE:
            _collect(child, words, is_under=is_under)


def _is_underlined(run: Element) -> bool:
    under = run.find(f"{W}rPr/{W}u")
    return under is not None and under.get(f"{W}val", "single") != "none"


def _sign(element: Element) -> str:
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    return _SIGNS.get((element.get(f"{W}font", "").lower(), code & 0xFF), "")
