"""The numbers that Word writes before paragraphs by itself; they are not in the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "零一二三四五六七八九"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST = 9_999


def _chinese(value: int) -> str:
    if value < 10:
        return _CHINESE[value]
    tens, ones = divmod(value, 10)
    if tens < 10:
        return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")
    return str(value)


def _letter(value: int) -> str:
    return chr(64 + value) if 1 <= value <= 26 else str(value)


def _roman(value: int) -> str:
    said = ""
    for worth, sign in _ROMAN:
        count, value = divmod(value, worth)
        said += sign * min(count, 20)
    return said


_FORMATS: dict[str, Callable[[int], str]] = {
    "bullet": lambda value: "",
    "none": lambda value: "",
    "upperLetter": _letter,
    "lowerLetter": lambda value: _letter(value).lower(),
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerRoman": _roman,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _chinese,
    "decimalEnclosedCircle": lambda value: chr(0x245F + value) if 1 <= value <= 20 else str(value),
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """Counts the lists of one document in the order of its paragraphs."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read_lists(numbering)
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            if found := _numbered(style.find(f"{_W}pPr")):
                self._styles[style.get(f"{_W}styleId", "")] = found

    def _read_lists(self, numbering: Element) -> None:
        for one in numbering.iter(f"{_W}abstractNum"):
            levels = {_value(level, "ilvl"): _level(level) for level in one.iter(f"{_W}lvl")}
            self._levels[one.get(f"{_W}abstractNumId", "")] = levels
        for one in numbering.iter(f"{_W}num"):
            number, abstract = one.get(f"{_W}numId", ""), one.find(f"{_W}abstractNumId")
            self._lists[number] = abstract.get(f"{_W}val", "") if abstract is not None else ""
            for change in one.iter(f"{_W}lvlOverride"):
                start = change.find(f"{_W}startOverride")
                if start is not None:
                    self._restarts.setdefault(number, {})[_value(change, "ilvl")] = _value(start, "val")

    def label(self, paragraph: Element) -> str:
        """Return what stands before the next paragraph of the document, with a space; "" where nothing does."""
        properties = paragraph.find(f"{_W}pPr")
        found = _numbered(properties)
        if found is None and properties is not None:
            style = properties.find(f"{_W}pStyle")
            found = self._styles.get(style.get(f"{_W}val", "")) if style is not None else None
        if found is None:
            return ""
        number, depth = found
        abstract = self._lists.get(number, "")
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self._restarts.get(number, {}).pop(depth, None)
        counts[depth] = restart if restart is not None else min(counts.get(depth, levels[depth].start - 1) + 1, _MOST)
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return _said(levels, counts, depth)


def _said(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    def value(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        level = levels.get(at)
        if level is None:
            return ""
        return _FORMATS.get(level.form, str)(counts.get(at, level.start))

    if levels[depth].form in {"bullet", "none"}:
        return ""
    text = re.sub(r"%(\d)", value, levels[depth].text).strip()
    if re.fullmatch(r"\d+|[A-Z]", text):
        text += "."
    return f"{text} " if text else ""


def _level(level: Element) -> _Level:
    start, form, text = (level.find(f"{_W}{name}") for name in ("start", "numFmt", "lvlText"))
    return _Level(
        _value(start, "val") if start is not None else 1,
        form.get(f"{_W}val", "decimal") if form is not None else "decimal",
        text.get(f"{_W}val", "") if text is not None else "",
    )


def _numbered(properties: Element | None) -> tuple[str, int] | None:
    """Return (list, depth) of a paragraph or a style, None without one."""
    found = properties.find(f"{_W}numPr") if properties is not None else None
    number = found.find(f"{_W}numId") if found is not None else None
    if found is None or number is None:
        return None
    depth = found.find(f"{_W}ilvl")
    return number.get(f"{_W}val", ""), _value(depth, "val") if depth is not None else 0


def _value(element: Element, name: str) -> int:
    value = element.get(f"{_W}{name}", "0")
    return int(value) if value.isdecimal() and len(value) < 6 else 0
