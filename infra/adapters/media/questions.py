"""Exam questions as a narrator says them: blanks become question words, answers are spelled out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BLANK = re.compile(r"（[\s\u3000]*）")
_KINDS = {"single": "单选题", "multiple": "多选题", "true_false": "判断题"}
_TIME = re.compile(r"^[0-9一二两三四五六七八九十半]*个?(年|半年|月|季度|周|日|天|小时|分钟)$")
_AMOUNT = re.compile(r"^[0-9一二两三四五六七八九十百].*(?<!级)$")
_HOW = ("应当", "首先", "有权", "必须")


@dataclass(frozen=True, slots=True)
class OptionText:
    """One option of a question."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question of the bank; ``type`` is single, multiple or true_false, ``answer`` the keys of right options."""

    id: str
    type: str
    topic: str
    stem: str
    options: tuple[OptionText, ...]
    answer: tuple[str, ...]
    explanation: str
    basis: str

    @classmethod
    def of(cls, question: Mapping[str, Any]) -> "QuestionText":
        """Return the words of one entry of ``questions.json``."""
        return cls(
            id=question["id"],
            type=question["type"],
            topic=question["topic"],
            stem=question["stem"],
            options=tuple(OptionText(option["key"], option["text"]) for option in question["options"]),
            answer=tuple(question["answer"]),
            explanation=question["explanation"],
            basis=question["basis"],
        )


def kind(question: QuestionText) -> str:
    """Return the Chinese name of the question's type."""
    return _KINDS.get(question.type, "考题")


def options(question: QuestionText) -> tuple[str, ...]:
    """Return the options as shown and said, e.g. ``A. 红、橙、黄、蓝``."""
    return tuple(f"{option.key}. {option.text}" for option in question.options)


def right(question: QuestionText) -> tuple[str, ...]:
    """Return the right options as shown."""
    return tuple(f"{option.key}. {option.text}" for option in question.options if option.key in question.answer)


def asked(question: QuestionText) -> str:
    """Return the question as a sentence that can be said: each blank ``（　）`` becomes a question word."""
    stem = question.stem.strip()
    if question.type == "true_false":
        return f"判断对错：{stem}"
    if not BLANK.search(stem):
        return stem
    if (plain := BLANK.sub("", stem).rstrip("。")).endswith("？"):
        return plain
    return BLANK.sub(lambda blank: _question_word(stem, blank, question), stem).rstrip("。？") + "？"


def _question_word(stem: str, blank: re.Match[str], question: QuestionText) -> str:
    before, after = stem[: blank.start()], stem[blank.end() :]
    texts = [option.text for option in question.options]
    if before.endswith("自") and after.startswith("起"):
        return "什么时候"
    if all(_TIME.match(text) for text in texts):
        return "多长时间"
    if all(_AMOUNT.match(text) for text in texts):
        return "多少"
    return _open_word(before, after, question.type)


def _open_word(before: str, after: str, question_type: str) -> str:
    """Return the question word for a blank that neither counts nor times."""
    if not before or before.endswith(("，", "：")):
        return "应当怎样做"
    if before.endswith(("向", "人是")) or (before.endswith("是") and after.startswith("的")):
        return "谁"
    if question_type == "multiple" and not before.endswith("指"):
        return "哪些"
    return "怎样做" if before.endswith(_HOW) and not after.strip("。") else "什么"


def answered(question: QuestionText) -> str:
    """Return the right answer spelled out as a sentence."""
    texts = _right_texts(question)
    if question.type == "true_false":
        return f"这句话是{texts[0]}的。"
    keys = "、".join(question.answer)
    if len(BLANK.findall(question.stem)) > 1:
        return f"正确答案是{keys}，{_filled(question)}"
    return f"正确答案是{keys}，{'；'.join(texts)}。"


def fact(question: QuestionText) -> str:
    """Return the question as a statement to remember, its blanks filled with the right answer."""
    if question.type != "true_false":
        return _filled(question)
    if _right_texts(question)[0] == "正确":
        return question.stem
    return f"“{question.stem.rstrip('。')}”，这种说法是错误的。"


def _right_texts(question: QuestionText) -> list[str]:
    return [option.text for option in question.options if option.key in question.answer]


def _filled(question: QuestionText) -> str:
    stem, texts = question.stem.strip(), _right_texts(question)
    blanks = len(BLANK.findall(stem))
    parts = re.split(r"[；;]", texts[0]) if blanks > 1 and len(texts) == 1 else ["、".join(texts)]
    if blanks == 0 or BLANK.sub("", stem).rstrip("。").endswith("？"):
        return f"{BLANK.sub('', stem)}答案是{'、'.join(texts)}。"
    filling = iter(parts if len(parts) == blanks else ["、".join(texts)] * blanks)
    return BLANK.sub(lambda _: next(filling).strip(), stem)
