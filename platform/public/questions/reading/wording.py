"""The words trainers use: kinds, judgements, difficulties, letters; read from text as it was typed."""

import re

from public.questions.content import BLANK, CASE, JUDGE, LETTERS, MULTIPLE, ORDER, SINGLE, TEXT

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_NARROW = {code: sign for code, sign in _WIDE.items() if chr(sign).isalnum() or chr(sign) in ".:()[]/|-~=,;"}
_NARROW |= {
    ord("．"): ord("."),
    0x3000: 0x20,
    0xA0: 0x20,
    0x2002: 0x20,
    0x2003: 0x20,
    ord("∶"): ord(":"),
    ord("【"): ord("["),
    ord("】"): ord("]"),
}
CHOICE = "choice"
"""选择题: single or multiple, the answer will tell."""
_KINDS = {
    SINGLE: "单项选择题 单项选择 单选题 单选 single singlechoice",
    MULTIPLE: "不定项选择题 不定项选择 不定项 多项选择题 多项选择 多选题 多选 multiple multiplechoice",
    JUDGE: "判断题 判断 是非题 对错题 正误题 判断正误 judge truefalse",
    BLANK: "填空题 填空 blank fillin",
    ORDER: "排序题 排序 排列题 order ordering",
    TEXT: "简答题 简答 问答题 问答 论述题 论述 名词解释 计算题 简述题 主观题 text essay",
    CASE: "案例分析题 案例分析 案例题 案例 综合分析题 综合题 材料分析题 材料题 case",
    CHOICE: "选择题 选择",
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
KIND_WORDS = sorted((word for word in KIND_OF if not word.isascii()), key=len, reverse=True)
_TRUE = "对 正确 是 √ ✓ ✔ ☑ v t true y yes 1 right".split()
_FALSE = "错 错误 否 不对 不正确 × ✗ ✘ ✕ ☒ x f false n no 0 wrong ╳".split()
_EASE = {
    1: "1 易 容易 简单 很容易 ★ 低 一级 easy",
    2: "2 较易 较容易 较简单 ★★ 偏易 中下 二级",
    3: "3 中 中等 一般 适中 普通 ★★★ 三级 medium",
    4: "4 较难 偏难 ★★★★ 中上 四级",
    5: "5 难 困难 很难 ★★★★★ 高 五级 hard",
}
_LEVELS = {word: level for level, words in _EASE.items() for word in words.split()}
_BETWEEN = re.compile(r"[\s、,，;；.>→\-—=和及]+")
_SPACE = " " * 16
_LONG_SPACE = re.compile(r"\s{16,}")
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What options may be written under; a question has as many as `LETTERS` at most, and more than those are read so that it can be said."""
TRUE_WORD, FALSE_WORD = "正确", "错误"


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and marks narrow; the same length, so that places hold for both."""
    return text.translate(_NARROW)


def kind(word: str) -> str:
    """Return what a word for a kind means, ``CHOICE`` where only the answer tells, "" when nothing."""
    plain = re.sub(r"[\s\[\]()（）:：\-_]", "", narrow(word)).lower()
    return KIND_OF.get(plain, "")


def judgement(text: str) -> bool | None:
    """Return whether an answer says true or false, None when neither."""
    plain = re.sub(r"[\s。.()（）\[\]]", "", narrow(text)).lower()
    return True if plain in _TRUE else False if plain in _FALSE else None


def letters(text: str) -> list[str] | None:
    """Return the option keys of an answer like ``ABC``, ``A、C`` or ``b,a`` in the order written; None when it is something else."""
    plain = _BETWEEN.sub("", narrow(text)).upper().strip("。()（）[]")
    return list(plain) if plain and all(sign in LETTERS for sign in plain) else None


def difficulty(text: str) -> int | None:
    """Return 1 (easy) to 5 for words, stars or a number; a share between 0 and 1 is how many answer rightly. None when unread."""
    plain = re.sub(r"[\s题度]|系数", "", narrow(text)).replace("☆", "").lower()
    if plain in _LEVELS:
        return _LEVELS[plain]
    if re.fullmatch(r"0?\.\d+|[1-5]\.0", plain):
        share = float(plain)
        return int(share) if share >= 1 else 1 + sum(share < edge for edge in (0.9, 0.7, 0.5, 0.3))
    return None


def points(text: str) -> list[str]:
    """Return the knowledge points of a line, each once."""
    return list(dict.fromkeys(part for part in (tidy(part) for part in re.split(r"[、,，;；|\n]", text)) if part))


def tidy(text: str) -> str:
    """Return one line without odd spaces; the spaces of gaps stay."""
    return re.sub(r"[ \t\xa0\u2002\u2003]+", " ", text).strip(" \t\u3000\xa0\r\n")


def tidy_lines(text: str) -> str:
    """Return a text whose lines are tidy, empty ones left out."""
    return "\n".join(line for line in (tidy(line) for line in text.splitlines()) if line)


def evened(text: str) -> str:
    """Return a text whose long runs of space are cut to what still stands apart.

    Patterns that look for space in several places take its third power in time: a line of two thousand spaces would hold a worker.
    """
    return _LONG_SPACE.sub(lambda found: "\n" if "\n" in found[0] else _SPACE, text)


NAMES = {
    kind: words.split()[0]
    for kind, words in {**_KINDS, SINGLE: "单选题", MULTIPLE: "多选题", TEXT: "问答题", CASE: "案例题"}.items()
}
"""Kind -> the word files are written with, in whatever language the page is."""
