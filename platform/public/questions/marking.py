"""Whether a response fits a question, and what it earns. Pure; a response is always a list of texts."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from public.questions.content import BLANK, LONGEST_STEM, LONGEST_TEXT, MULTIPLE, ORDER, TEXT

_ENDS = "。．.，,；;！!、 "


def clean(item: Mapping[str, Any], response: Sequence[str]) -> list[str] | None:
    """Return the response as it is kept, or None when it does not fit the question; ``[]`` is "not answered".

    Chosen keys come back sorted, a sequence as it was put (a part of it while somebody is still sorting), a gap's text trimmed.
    """
    given = list(response)
    if not all(isinstance(text, str) for text in given):
        return None
    if item["kind"] == TEXT:
        return _texts(given, most=1, longest=LONGEST_STEM)
    if item["kind"] == BLANK:
        fits = len(given) in {0, len(item["answer"])}
        return _texts(given, most=len(item["answer"]), longest=LONGEST_TEXT) if fits else None
    if not set(given) <= {option["key"] for option in item["options"]}:
        return None
    if item["kind"] == ORDER:
        return given if len(set(given)) == len(given) else None
    keys = sorted(set(given))
    return keys if item["kind"] == MULTIPLE or len(keys) <= 1 else None


def mark(item: Mapping[str, Any], response: Sequence[str]) -> int | None:
    """Return the points of ``item["score"]`` (1 where it has none) that a cleaned response earns; None: a person must mark it.

    Choices and sequences earn all or nothing; gaps an equal share each, cut and never rounded up; an empty response nothing.
    """
    score = worth(item)
    if not any(text.strip() for text in response):
        return 0
    if item["kind"] == TEXT:
        return None
    if item["kind"] == BLANK:
        right = sum(_same(text, gap) for text, gap in zip(response, item["answer"], strict=False))
        return score * right // len(item["answer"])
    given = list(response) if item["kind"] == ORDER else sorted(response)
    return score if given == item["answer"] else 0


def worth(item: Mapping[str, Any]) -> int:
    """Return the most that an item can earn; papers from before scores weigh every question the same."""
    return int(item.get("score", 1))


def is_right(item: Mapping[str, Any], response: Sequence[str]) -> bool:
    """Say whether a response earns everything; a text never does before a person has marked it."""
    return mark(item, response) == worth(item)


def _texts(given: list[str], *, most: int, longest: int) -> list[str] | None:
    if len(given) > most or any(len(text) > longest for text in given):
        return None
    texts = [text.strip() for text in given]
    return texts if any(texts) else []


def _same(text: str, alternatives: Sequence[str]) -> bool:
    return _plain(text) in {_plain(one) for one in alternatives}


def _plain(text: str) -> str:
    """Return a gap's text without what nobody means: width of letters, case, spaces, a full stop at its end."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(_ENDS)
