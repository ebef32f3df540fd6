"""How lines of a paper are recognised: headings of sections, beginnings of questions, options, labelled fields. Pure patterns."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from public.questions.content import LETTERS
from public.questions.reading import wording

_CHINESE = "一二三四五六七八九十百零"
_KINDS = "|".join(wording.KIND_WORDS)
_SECTION = re.compile(
    rf"(?:第?[{_CHINESE}]{{1,3}}(?:部分|大题|章|节)?\s*[、.,:)\s]\s*|[（(][{_CHINESE}]{{1,3}}[)）]\s*|\[?\s*|[IVX]{{1,4}}[.、]\s*)"
    rf"(?P<kind>{_KINDS})(?:部分|类)?\s*\]?\s*(?P<rest>$|[:：,，。（(\[].*|共.*|每题.*)"
)
_LONGEST_SECTION = 120
_STARTS = {
    "dot": re.compile(r"(?P<n>\d{1,4})\s*[.、:](?!\d)\s*"),
    "paren": re.compile(r"[（(]\s*(?P<n>\d{1,4})\s*[)）]\s*[.、]?\s*"),
    "half": re.compile(r"(?P<n>\d{1,4})\s*[)）]\s*"),
    "named": re.compile(r"第\s*(?P<n>\d{1,4})\s*[小]?题\s*[.、:]?\s*"),
    "asked": re.compile(r"(?:题目|试题|问题|小题)\s*(?P<n>\d{1,4})\s*[.、:]?\s*"),
}
_CASE = re.compile(rf"\[?\s*案例(?:分析)?(?:题)?\s*(?P<n>[{_CHINESE}]{{1,3}}|\d{{1,3}})\s*\]?\s*(?:$|[.、:：\s]\s*)")
_TAG = re.compile(rf"[\[（(]\s*(?P<kind>{_KINDS})\s*[\])）]\s*|(?P<bare>{_KINDS})\s*[:：]\s*")
_OPTION = re.compile(rf"[（(]?\s*(?P<key>[{wording.SIGNS}])\s*(?:[.、:,，)）]|\s(?=\S))\s*")
_LABELS = {
    "answer": "参考答案 正确答案 标准答案 正确选项 试题答案 答案 答",
    "explanation": "答案解析 试题解析 题目解析 参考解析 解析 解释 解答",
    "basis": "法律依据 法规依据 法条依据 参考依据 依据 出处 来源 法规",
    "difficulty": "难易程度 难易度 难度系数 难度等级 难度",
    "points": "知识要点 知识点 考核点 考点",
    "topic": "知识主题 所属分类 主题 分类 科目",
    "kind": "试题类型 题目类型 题型",
    "code": "试题编号 题目编号 编号",
    "": "分值 分数 备注",
}
_LABEL_OF = {word: name for name, words in _LABELS.items() for word in words.split()}
_WORDS = "|".join(sorted(_LABEL_OF, key=len, reverse=True))
_LABEL = re.compile(
    rf"\[\s*(?P<framed>{_WORDS})\s*\]\s*:?\s*|(?P<plain>{_WORDS})\s*:\s*|(?P<bare>正确答案|参考答案|答案)\s*(?=[{LETTERS}√×✓✗对错])"
)
_KEY_HEAD = re.compile(
    rf"(?:附\s*[:、]?\s*)?(?:第?[{_CHINESE}]{{1,3}}(?:部分)?\s*[、.]?\s*)?(?:附录|试题|习题|试卷|题库|练习题)?(?:的)?(?:参考|标准|正确)?答案"
    r"(?:及解析|与解析|和解析|部分|汇总|表|页|一览)*\s*(?P<colon>:?)"
)


@dataclass(frozen=True, slots=True)
class Start:
    """A line that begins a question. ``style`` is how the number is written, ``end`` where the words begin."""

    style: str
    number: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled part of a line: its words from ``end`` of the label to ``stop``; ``start`` is where the label begins."""

    name: str
    start: int
    end: int
    stop: int


def section(line: str) -> str:
    """Return the kind that a heading of a section names (may be ``choice``), "" when the line is no such heading."""
    if len(line) > _LONGEST_SECTION:
        return ""
    found = _SECTION.fullmatch(line)
    return wording.KIND_OF[found["kind"]] if found else ""


def start(line: str) -> Start | None:
    """Return how a line begins a question, or None."""
    for style, pattern in _STARTS.items():
        if found := pattern.match(line):
            return Start(style, int(found["n"]), found.end())
    return None


def case(line: str) -> Start | None:
    """Return how a line like 「案例一：」 begins a case, or None."""
    found = _CASE.match(line)
    return Start("case", 0, found.end()) if found else None


def tag(line: str) -> tuple[str, int]:
    """Return the kind that stands before a question's words as 「【单选题】」, and where the words begin; ("", 0) when none does."""
    found = _TAG.match(line)
    return (wording.KIND_OF[found["kind"] or found["bare"]], found.end()) if found else ("", 0)


def is_key_head(line: str) -> tuple[bool, bool]:
    """Return whether a line is the heading of an answer table, and whether it ends in a colon as an answer line may too."""
    found = _KEY_HEAD.fullmatch(line)
    return bool(found), bool(found and found["colon"])


def fields(line: str, *, in_free_text: bool = False) -> list[Field]:
    """Return the labelled fields of a line.

    At its beginning any label counts; further in only one that stands apart: framed 「【解析】」, or after a space or a bracket.
    """
    found: list[Field] = []
    is_free = in_free_text
    for mark in _LABEL.finditer(line):
        name = _LABEL_OF[mark["framed"] or mark["plain"] or mark["bare"]]
        if mark.start() > 0 and not mark["framed"]:
            before = line[max(0, mark.start() - 2) : mark.start()]
            wide = before.endswith(("  ", "\t"))
            near = before[-1] in " \t)）。;；" and (mark["plain"] or mark["bare"]) != "答"
            if not (wide or (near and not is_free)):
                continue
        found.append(Field(name, mark.start(), mark.end(), len(line)))
        is_free = is_free or name in {"explanation", "basis"}
    return [replace(one, stop=after.start) for one, after in pairwise(found)] + found[-1:]


def option(line: str, key: str) -> int:
    """Return where the words of option ``key`` begin when the line begins with it, else -1."""
    found = _OPTION.match(line)
    return found.end() if found and found["key"] == key else -1


def option_at_start(line: str) -> tuple[str, int]:
    """Return (key, where its words begin) of a line that begins with an option, ("", 0) of another."""
    found = _OPTION.match(line)
    return (found["key"], found.end()) if found else ("", 0)


def next_option(line: str, key: str, begin: int, *, loose: bool) -> re.Match[str] | None:
    """Return the mark of option ``key`` further in the line: after wide space only, or ``loose`` wherever no word is cut."""
    for found in re.finditer(rf"[（(]?\s?{key}\s*[.、:)）]\s*", line[begin:]):
        at = begin + found.start()
        before = line[max(0, at - 2) : at]
        wide = before.endswith(("  ", "\t")) or (before[-1:] == " " and found[0][0] == " ")
        apart = found[0][0].isspace() or not (before[-1:].isascii() and before[-1:].isalnum())
        if wide or (loose and apart):
            return found
    return None
