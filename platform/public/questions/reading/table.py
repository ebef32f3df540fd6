"""Rows under headings, from Excel or from a table in Word: columns in any order, options in columns or in one cell."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from public.questions.content import CASE, LETTERS
from public.questions.reading import wording
from public.questions.reading.assembling import Raw, assemble
from public.questions.reading.shapes import MAX_LETTERS, MAX_QUESTIONS, Reading, refuse

Row = tuple[int, Sequence[str]]
"""(line as its reader shows it, cells as text)."""
COLUMNS = {
    "kind": "题型",
    "stem": "题干",
    "options": "选项",
    "answer": "答案",
    "explanation": "解析",
    "basis": "依据",
    "difficulty": "难度",
    "points": "知识点",
    "topic": "知识主题",
    "code": "编号",
    "case": "案例编号",
    "story": "案例材料",
}
"""Our columns beside those of single options, with the headings that are written."""
_SYNONYMS = {
    "kind": "题型 题目类型 试题类型 题目题型 类型 考题类型 题类 type kind",
    "stem": "题干 题目 试题 问题 题目内容 试题内容 试题题干 题目描述 题干内容 试题题目 问题描述 内容 question stem",
    "options": "选项 备选项 可选项 备选答案 选项内容 全部选项 候选项 options",
    "answer": "答案 正确答案 参考答案 标准答案 正确选项 答案选项 试题答案 answer",
    "explanation": "解析 答案解析 试题解析 题目解析 解释 说明 解答 explanation",
    "basis": "依据 法规依据 法律依据 出处 来源 条款 法规 法条 依据条款 basis",
    "difficulty": "难度 难易程度 难易度 难度系数 难度等级 difficulty",
    "points": "知识点 考点 考核点 知识要点 point points",
    "topic": "知识主题 主题 分类 科目 类别 知识分类 所属分类 专题 所属科目 topic",
    "code": "编号 试题编号 题目编号 题号编码 试题编码 code",
    "case": "案例编号 案例号 案例 所属案例 case",
    "story": "案例材料 材料 案例描述 案例内容 背景材料 案例背景 story",
}
_MEANINGS = {word: column for column, words in _SYNONYMS.items() for word in words.split()}
_KNOWN_ELSE = frozenset("序号 题号 分值 分数 备注 no".split())
_ONES = "一二三四五六七八九"
_NUMBERS = {word: n for n, word in enumerate([*_ONES, "十", *(f"十{one}" for one in _ONES), "二十"], 1)}
_OPTION = re.compile(
    r"(?:选项|备选项|备选答案|答案选项|option)?([a-j])(?:选项|项)?|(?:选项|备选项|备选答案|答案选项|option)([k-z])(?:选项|项)?"
    rf"|(?:选项|备选项|option)([1-9]|1\d|2[0-6]|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
)
_LOOK_THROUGH = 15
_LONGEST_HEADING = 200
_IN_CELL = re.compile(r"\s*[（(]?([A-Z])[)）.、．:：]\s*")


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the columns stand. ``places``: our name or an option's letter -> index; ``twice``: headings that say the same."""

    line: int
    places: Mapping[str, int]
    twice: tuple[str, ...] = ()

    @property
    def is_table_of_questions(self) -> bool:
        """Whether these can be the headings of questions."""
        return {"stem", "answer"} <= set(self.places)


def meaning(heading: str) -> str:
    """Return what a heading means: one of ``COLUMNS``, a letter for an option, or ""."""
    if len(heading) > _LONGEST_HEADING:
        return ""
    plain = re.sub(r"[（(\[].*?[)）\]]", "", wording.narrow(heading))
    plain = re.sub(r"[\s*＊:：/、_\-]|必填|选填", "", plain).lower()
    if plain in _MEANINGS:
        return _MEANINGS[plain]
    found = _OPTION.fullmatch(plain)
    if found is None:
        return ""
    if letter := found[1] or found[2]:
        return letter.upper()
    return wording.SIGNS[(int(found[3]) if found[3].isdigit() else _NUMBERS[found[3]]) - 1]


def _further(heading: str, places: Mapping[str, int]) -> str:
    """Return the letter of a column that is headed by nothing but a letter from K on, where the one before it is there."""
    plain = wording.narrow(heading).strip().upper()
    at = wording.SIGNS.find(plain) if len(plain) == 1 else -1
    return plain if at >= len(LETTERS) and wording.SIGNS[at - 1] in places else ""


def heads(row: Row) -> Heads:
    """Read one row as headings."""
    places: dict[str, int] = {}
    twice = []
    for index, cell in enumerate(row[1]):
        column = meaning(cell) or _further(cell, places)
        if column and column in places:
            twice.append(cell.strip())
        elif column:
            places[column] = index
    return Heads(row[0], places, tuple(twice))


def read(rows: Iterable[Row], *, topic: str, kind: str = "") -> Reading:
    """Read rows; the headings stand in one of the first fifteen.

    :param kind: what rows are that do not say it

    :raises BadFile: ``no_headings``, ``heading_twice``, ``no_questions``, ``too_many_rows``, ``bomb``
    """
    steady = iter(rows)
    before: list[Row] = []
    for row in steady:
        before.append(row)
        if len(before) >= _LOOK_THROUGH:
            break
    found = max(map(heads, before), key=lambda one: (one.is_table_of_questions, len(one.places)), default=Heads(0, {}))
    if not found.is_table_of_questions:
        raise refuse("no_headings")
    if found.twice:
        refusal = refuse("heading_twice")
        refusal.message = str(refusal.message) % {"column": found.twice[0]}
        raise refusal
    below = [row for row in before if row[0] > found.line]
    return read_below(found, chain(below, steady), topic=topic, kind=kind)


def read_below(found: Heads, rows: Iterable[Row], *, topic: str, kind: str = "") -> Reading:
    """Read the rows under headings that were found."""
    reading = Reading()
    for raw in _cases(_raws(found, rows, kind)):
        reading.letters += _letters(raw)
        if reading.letters > MAX_LETTERS:
            raise refuse("bomb")
        reading.drafts.append(assemble(raw, topic=topic))
        if len(reading.drafts) > MAX_QUESTIONS:
            raise refuse("too_many_rows")
    if not reading.drafts:
        raise refuse("no_questions")
    return reading


def _letters(raw: Raw) -> int:
    own = (raw.stem, raw.answer, raw.explanation, raw.basis, raw.points, *(text for _key, text in raw.options))
    return sum(map(len, own)) + sum(map(_letters, raw.parts))


@dataclass(slots=True)
class _Row:
    raw: Raw
    case: str
    story: str


def _raws(found: Heads, rows: Iterable[Row], given: str) -> Iterator[_Row]:
    for line, cells in rows:
        said = {name: wording.evened(cells[index].strip()) if index < len(cells) else "" for name, index in found.places.items()}
        if not any(said.values()):
            continue
        kind = wording.kind(said.get("kind", ""))
        raw = Raw(line, kind=kind or ("" if said.get("kind") else given))
        if said.get("kind") and not kind:
            raw.say("kind_unread", said=said["kind"][:20])
        for name in ("stem", "answer", "explanation", "basis", "difficulty", "points", "topic", "code"):
            setattr(raw, name, said.get(name, ""))
        raw.options = _options(said)
        yield _Row(raw, said.get("case", ""), said.get("story", ""))


def _options(said: Mapping[str, str]) -> list[tuple[str, str]]:
    columns = [(letter, said[letter]) for letter in wording.SIGNS if said.get(letter)]
    return columns or in_one_cell(said.get("options", ""))


def in_one_cell(cell: str) -> list[tuple[str, str]]:
    """Split options that stand in one cell: under letters, on lines, or between ``|``, ``$;$`` or semicolons."""
    if not cell.strip():
        return []
    narrow = wording.narrow(cell)
    if marks := _letter_marks(narrow):
        ends = [*(mark.start() for mark in marks[1:]), len(cell)]
        return [(mark[1], wording.tidy(cell[mark.end() : end]).rstrip("；;|")) for mark, end in zip(marks, ends, strict=True)]
    for mark in ("\n", "$;$", "|", "｜", "；", ";"):
        if mark in cell:
            parts = [wording.tidy(part) for part in cell.split(mark)]
            return [*zip(wording.SIGNS, (part for part in parts if part), strict=False)]
    return [("A", wording.tidy(cell))]


def _letter_marks(narrow: str) -> list[re.Match[str]]:
    """Return the marks A, B, C … in their order; at the beginnings of lines if they stand there, else wherever the next letter is."""
    found: list[re.Match[str]] = []
    at = 0
    for letter in wording.SIGNS:
        mark = next(
            (one for one in _IN_CELL.finditer(narrow, at) if one[1] == letter and _stands_apart(narrow, one, found)), None
        )
        if mark is None:
            break
        found.append(mark)
        at = mark.end()
    if len(found) > 1:
        lined = [one for one in found if one.start() == 0 or "\n" in narrow[max(0, one.start() - 1) : one.end()]]
        return lined if len(lined) > 1 and lined[0][1] == "A" else found
    return []


def _stands_apart(narrow: str, mark: re.Match[str], before: list[re.Match[str]]) -> bool:
    if not before:
        return mark.start() == 0
    sign = narrow[mark.start() - 1]
    return mark[0][0].isspace() or not (sign.isascii() and sign.isalnum())


def _cases(rows: Iterable[_Row]) -> Iterator[Raw]:
    """Join rows that belong to one case: the same case number, or the same story where there are no numbers."""
    open_case: Raw | None = None
    name = ""
    for row in rows:
        own = row.case or row.story
        if not own:
            if open_case is not None:
                yield open_case
                open_case = None
            yield row.raw
            continue
        if open_case is None or own != name:
            if open_case is not None:
                yield open_case
            name = own
            open_case = _case_of(row)
        if not open_case.stem:
            open_case.stem = row.story
        if row.raw.stem or row.raw.answer:
            row.raw.kind = "" if row.raw.kind == CASE else row.raw.kind
            open_case.parts.append(row.raw)
    if open_case is not None:
        yield open_case


def _case_of(row: _Row) -> Raw:
    """Return the case that begins with a row. Where that row asks nothing, it speaks for the case: its remarks, explanation and basis."""
    first = row.raw
    case = Raw(
        first.line,
        kind=CASE,
        stem=row.story,
        difficulty=first.difficulty,
        points=first.points,
        topic=first.topic,
        code=first.code,
    )
    if not (first.stem or first.answer):
        case.explanation, case.basis, case.remarks = first.explanation, first.basis, first.remarks
    return case


__all__ = ["COLUMNS", "Heads", "heads", "in_one_cell", "meaning", "read", "read_below"]
