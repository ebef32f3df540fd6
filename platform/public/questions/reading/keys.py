"""The table of answers at the end of a paper: 「1-5 ABCDA」, 「1.A 2.BC」, rows of numbers over rows of answers."""

import re
from collections.abc import Sequence

from public.questions.content import BLANK, TEXT
from public.questions.reading import marks, wording
from public.questions.reading.assembling import Raw
from public.questions.reading.shapes import ENOUGH, Remark

_ONE = r"(?:[A-Ja-j](?:[、,，\s]?[A-Ja-j]){0,9}(?![A-Za-z])|[√×✓✔✗✘]|正确|错误|对|错|[TF](?![A-Za-z]))"
_RANGE = re.compile(r"(\d{1,4})\s*(?:-|—|–|~|～|至|到)+\s*(\d{1,4})\s*[.、:)）]*\s*((?:[A-Ja-jTF√×✓✔✗✘对错][\s、,，;；]*)+)")
_PAIR = re.compile(rf"(?:第\s*)?(\d{{1,4}})\s*题?\s*[.、:)）\s]\s*({_ONE})")
_LINE = re.compile(r"(?:第\s*)?(\d{1,4})\s*题?\s*[.、:)）]\s*(.+)")
_LONG = frozenset({BLANK, TEXT})


class Key:
    """Collects the answers of a table, section by section, and gives them to the questions."""

    def __init__(self) -> None:
        self._sections: list[tuple[str, dict[int, str], dict[int, int]]] = [("", {}, {})]
        self._numbers: list[int] = []
        self._last = 0

    @staticmethod
    def is_like(line: str) -> bool:
        """Whether a line looks like one of such a table."""
        return bool(_RANGE.match(line) or _PAIR.fullmatch(line) or len(_PAIR.findall(line)) > 1)

    def feed(self, line: int, text: str, cells: Sequence[str]) -> None:
        """Read one line."""
        plain = wording.narrow(text)
        if kind := marks.section(plain.rstrip(":")) or _kind_of_line(plain):
            self._sections.append((kind, {}, {}))
            self._numbers, self._last = [], 0
            end = _end_of_kind(plain) if not marks.section(plain) else len(plain)
            text, plain, cells = text[end:], plain[end:], ()
        if cells and self._feed_row(line, [wording.narrow(cell).strip() for cell in cells]):
            return
        if self._sections[-1][0] in _LONG and self._feed_long(line, text, plain):
            return
        rest = _RANGE.sub(lambda found: self._range(line, found), plain)
        pairs = list(_PAIR.finditer(rest))
        for found in pairs:
            self._put(line, int(found[1]), found[2])
        if not pairs and rest == plain:
            self._feed_long(line, text, plain)

    def _feed_row(self, line: int, cells: list[str]) -> bool:
        said = [cell for cell in cells if cell and not re.fullmatch(r"题号|序号|题目", cell)]
        if said and all(cell.isdigit() for cell in said):
            self._numbers = [int(cell) for cell in said]
            return True
        answers = [cell for cell in cells if cell and cell != "答案"]
        if self._numbers and len(answers) == len(self._numbers):
            for number, answer in zip(self._numbers, answers, strict=True):
                self._put(line, number, answer)
            self._numbers = []
            return True
        return False

    def _feed_long(self, line: int, text: str, plain: str) -> bool:
        found = _LINE.match(plain)
        if found:
            self._put(line, int(found[1]), text[found.start(2) :])
            return True
        if self._last and plain and not _PAIR.match(plain) and not _RANGE.match(plain):
            answers = self._sections[-1][1]
            if len(answers[self._last]) <= ENOUGH:  # beyond, the question is refused as too long anyway
                answers[self._last] += "\n" + text
            return True
        return False

    def _range(self, line: int, found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[2])
        said = re.findall(r"[A-Ja-jTF√×✓✔✗✘对错]+", found[3])
        parts = said if len(said) == last - first + 1 else [*"".join(said)]
        for number, answer in enumerate(parts, first):
            self._put(line, number, answer)
        return " "

    def _put(self, line: int, number: int, answer: str) -> None:
        _kind, answers, lines = self._sections[-1]
        answers[number], lines[number] = answer.strip(), line
        self._last = number

    def give(self, sections: Sequence[Sequence[Raw]]) -> list[tuple[int, Remark]]:
        """Give each question its answer; return (line, remark) of answers that nobody waits for.

        Sections of the table belong to those of the paper by kind, else by their order.
        """
        strays: list[tuple[int, Remark]] = []
        open_sections = [list(section) for section in sections if section]
        for kind, answers, lines in self._sections:
            if not answers:
                continue
            waiting = _section_for(kind, open_sections)
            for number, answer in answers.items():
                same = [raw for raw in waiting if raw.number == number]
                if len(same) == 1:
                    _answer(same[0], answer)
                else:
                    strays.append((lines[number], Remark("number_twice" if same else "key_stray", {"said": str(number)})))
                    for raw in same:
                        raw.say("number_twice", said=str(number))
        return strays


def _answer(raw: Raw, said: str) -> None:
    found = marks.fields(wording.narrow(said))
    raw.answer = raw.answer or said[: found[0].start if found else len(said)].strip()
    for one in found:
        value = said[one.end : one.stop].strip()
        if one.name in {"answer", "explanation", "basis"} and (one.name == "answer" or not getattr(raw, one.name)):
            setattr(raw, one.name, value)


def _section_for(kind: str, sections: list[list[Raw]]) -> list[Raw]:
    """Return the questions that a section of the table speaks of; a table without sections speaks of all."""
    if not kind:
        return [raw for section in sections for raw in section]
    same = next((section for section in sections if section[0].kind == kind), None)
    if same is not None:
        sections.remove(same)
        return same
    return sections.pop(0) if sections else []


def _kind_of_line(plain: str) -> str:
    """Return the kind before answers on the same line: 「单选题：1-5 ABCDA」."""
    end = _end_of_kind(plain)
    return wording.kind(re.sub(r"^[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.\s]*", "", plain[:end]).strip(" :.")) if end else ""


def _end_of_kind(plain: str) -> int:
    words = "|".join(wording.KIND_WORDS)
    found = re.match(
        rf"(?:[（(]?[一二三四五六七八九十]{{1,3}}[)）]?[、.\s]*)?\[?(?:{words})(?:部分|类)?\]?(?:[（(][^）)]*[)）])?\s*[:.]?\s*",
        plain,
    )
    return found.end() if found else 0


__all__ = ["Key"]
