"""Pure rules of exams: how a paper is laid out and marked. The key stays on the server until submission."""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from public.catalogue import api as catalogue

GRACE = timedelta(seconds=30)
"""An answer may still arrive this long after the clock ran out (slow networks); later ones are refused."""
_LETTERS = "ABCDEFGHIJ"


def lay_out(questions: Sequence[catalogue.QuestionView], *, seed: int) -> list[dict[str, Any]]:
    """Return the paper: texts copied, options shuffled and lettered anew, with the key in the new letters.

    Judgements keep their order. Each item: ``{"no", "id", "code", "kind", "stem", "options", "answer", "explanation", "basis"}``.
    """
    dice = random.Random(seed)  # noqa: S311 - a reproducible shuffle, not a secret
    return [_item(no, question, dice) for no, question in enumerate(questions, 1)]


def _item(no: int, question: catalogue.QuestionView, dice: random.Random) -> dict[str, Any]:
    options = list(question.options)
    if question.kind != "judge":
        dice.shuffle(options)
    letters = dict(zip([option["key"] for option in options], _LETTERS, strict=False))
    return {
        "no": no,
        "id": question.id,
        "code": question.code,
        "kind": question.kind,
        "topic": question.topic,
        "stem": question.stem,
        "options": [{"key": letters[option["key"]], "text": option["text"]} for option in options],
        "answer": sorted(letters[key] for key in question.answer),
        "explanation": question.explanation,
        "basis": question.basis,
    }


def public_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the browser may see of a question before submission: no key, no explanation, no code to look it up by."""
    return {key: item[key] for key in ("no", "kind", "stem", "options")}


def clean_choice(item: Mapping[str, Any], choice: Sequence[str]) -> list[str] | None:
    """Return the chosen keys sorted, or None when they do not fit the question (unknown keys; several where one counts)."""
    keys = sorted(set(choice))
    if not set(keys) <= {option["key"] for option in item["options"]}:
        return None
    return keys if item["kind"] == "multiple" or len(keys) <= 1 else None


def is_right(item: Mapping[str, Any], choice: Sequence[str]) -> bool:
    """Say whether exactly the right options were chosen; half-right multiple choices earn nothing."""
    return bool(sorted(choice) == item["answer"])


def mark(paper: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Return (score 0-100, number of right answers); every question weighs the same, the score is cut and never rounded up."""
    right = sum(is_right(item, answers.get(str(item["no"]), [])) for item in paper)
    return right * 100 // len(paper), right
