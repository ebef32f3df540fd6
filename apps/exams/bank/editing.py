"""Between a content and the form that shows it: every kind of question in one page, without scripts."""

import random
import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from public.questions import api as questions
from public.questions import reading

MOST_PARTS = 20
_FEWEST_ROWS = 4
_KINDS_OF_PARTS = [kind for kind in questions.KINDS if kind != "case"]
KINDS = questions.KINDS
TRUTH = [{"key": "A", "text": "正确"}, {"key": "B", "text": "错误"}]


def empty(kind: str, *, topic: str = "") -> dict[str, Any]:
    """Return the content of a question that nobody has written yet."""
    content = {"kind": kind, "topic": topic, "points": [], "difficulty": 3, **_part(kind)}
    return content | {"parts": [_part("single")]} if kind == "case" else content


def _part(kind: str) -> dict[str, Any]:
    options = TRUTH if kind == "judge" else []
    return {"kind": kind, "stem": "", "media": [], "options": options, "answer": [], "explanation": "", "basis": ""}


def written(posted: QueryDict, *, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content that a form says.

    :param before: what the question said; its pictures stay unless the form takes them out
    """
    kind = posted.get("kind", "")
    content = _written_part(posted, "", kind, before)
    points = re.split(r"[、,，;；\n]", posted.get("points", ""))
    level = posted.get("difficulty", "")
    content |= {
        "topic": reading.tidy(posted.get("topic", "")),
        "points": list(dict.fromkeys(reading.tidy(point) for point in points if reading.tidy(point))),
        "difficulty": int(level) if level in {"1", "2", "3", "4", "5"} else 0,
    }
    if kind == "case":
        former = before.get("parts", [])
        content["parts"] = [
            _written_part(posted, f"p{no}-", posted.get(f"p{no}-kind", ""), former[no] if no < len(former) else {})
            for no in range(_count(posted))
        ]
    return content


def _count(posted: QueryDict) -> int:
    count = posted.get("parts", "0")
    return min(int(count), MOST_PARTS) if count.isascii() and count.isdigit() and len(count) < 4 else 0


def reshaped(posted: QueryDict, content: dict[str, Any]) -> dict[str, Any] | None:
    """Add or take out a part of a case as its buttons say; None where the form is to be saved."""
    do = posted.get("do", "")
    parts = list(content.get("parts", []))
    if do.startswith("add-") and do[4:] in _KINDS_OF_PARTS and len(parts) < MOST_PARTS:
        return content | {"parts": [*parts, _part(do[4:])]}
    if do.startswith("drop-") and do[5:].isdecimal() and len(do) < 9:
        return content | {"parts": [part for no, part in enumerate(parts) if no != int(do[5:])]}
    return None


def _written_part(posted: QueryDict, prefix: str, kind: str, before: Mapping[str, Any]) -> dict[str, Any]:
    def said(name: str) -> str:
        return posted.get(prefix + name, "").replace("\r\n", "\n")

    part = _part(kind) | {name: said(name) for name in ("stem", "explanation", "basis")}
    dropped = set(posted.getlist(f"{prefix}drop-media"))
    part["media"] = [one for one in before.get("media", []) if one["key"] not in dropped]
    if kind in {"single", "multiple"}:
        part["options"], part["answer"] = _choices(said, posted.getlist(f"{prefix}right"))
    elif kind == "judge":
        part["answer"] = [key for key in posted.getlist(f"{prefix}right") if key in {"A", "B"}][:1]
    elif kind == "order":
        part["options"], part["answer"] = _ordered(said("order"), before)
    elif kind == "blank":
        part["answer"] = [_spellings(line) for line in said("gaps").split("\n") if line.strip()]
    elif kind == "text" and said("model").strip():
        part["answer"] = [reading.tidy_lines(said("model"))]
    return part


def _choices(said: Any, right: list[str]) -> tuple[list[dict[str, str]], list[str]]:
    """Return the options that were filled in, lettered without gaps, and which of them are right."""
    filled = [(letter, text) for letter in questions.LETTERS if (text := reading.tidy_lines(said(f"option-{letter}")))]
    options = [{"key": key, "text": text} for key, (_letter, text) in zip(questions.LETTERS, filled, strict=False)]
    keys = {letter: key for key, (letter, _text) in zip(questions.LETTERS, filled, strict=False)}
    return options, sorted(keys[letter] for letter in set(right) if letter in keys)


def _ordered(lines: str, before: Mapping[str, Any]) -> tuple[list[dict[str, str]], list[str]]:
    """Return options and answer of lines in their right order; options that were there keep their letters, new ones are shuffled.

    Letters in the right order would give the answer away wherever options are shown as they are written.
    """
    texts = [text for text in (reading.tidy(line) for line in lines.split("\n")) if text]
    former = [option["text"] for option in before.get("options", [])]
    shown = former if sorted(former) == sorted(texts) else random.Random("|".join(texts)).sample(texts, len(texts))  # noqa: S311 - no secret
    options = [{"key": key, "text": text} for key, text in zip(questions.LETTERS, shown, strict=False)]
    keys = {option["text"]: option["key"] for option in options}
    return options, [keys[text] for text in texts if text in keys]


def _spellings(line: str) -> list[str]:
    return list(dict.fromkeys(text for text in (reading.tidy(part) for part in re.split(r"[|｜]", line)) if text))


def form(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of a question shows."""
    parts = content.get("parts", []) if content["kind"] == "case" else []
    return {
        "topic": content.get("topic", ""),
        "points": "、".join(content.get("points", [])),
        "difficulty": content.get("difficulty", 3),
        "part": _shown(content, "", 0),
        "parts": [_shown(part, f"p{no}-", no) for no, part in enumerate(parts)],
        "kinds_of_parts": [(kind, KINDS[kind]) for kind in _KINDS_OF_PARTS],
        "is_full": len(parts) >= MOST_PARTS,
    }


def _shown(part: Mapping[str, Any], prefix: str, no: int) -> dict[str, Any]:
    kind, answer = part["kind"], part.get("answer", [])
    texts = {option["key"]: option["text"] for option in part.get("options", [])}
    letters = questions.LETTERS
    return {
        "prefix": prefix,
        "no": no,
        "kind": kind,
        "label": KINDS.get(kind, ""),
        "stem": part.get("stem", ""),
        "media": part.get("media", []),
        "rows": [{"key": key, "text": texts.get(key, ""), "right": key in answer, "more": i >= _FEWEST_ROWS and key not in texts}
                 for i, key in enumerate(letters)],
        "truth": answer[0] if kind == "judge" and answer else "",
        "gaps": "\n".join("|".join(gap) for gap in answer) if kind == "blank" else "",
        "order": "\n".join(texts.get(key, "") for key in answer) if kind == "order" else "",
        "model": "".join(answer) if kind == "text" else "",
        "explanation": part.get("explanation", ""),
        "basis": part.get("basis", ""),
    }  # fmt: skip


def told(content: Mapping[str, Any], *, prefix: str = "") -> list[dict[str, Any]]:
    """Return a question as people read it: itself, or the story of a case and then its parts.

    Each ``{"no", "kind", "stem", "media", "options": [{"key", "text", "right"}], "answer": [words], "explanation", "basis"}``.
    """
    found = [_told(content, "")]
    return found + [_told(part, f"（{no}）") for no, part in enumerate(content.get("parts", []), 1)]


def _told(part: Mapping[str, Any], no: str) -> dict[str, Any]:
    kind, answer = part["kind"], part.get("answer", [])
    texts = {option["key"]: option["text"] for option in part.get("options", [])}
    if kind == "blank":
        words = [f"{i}. {' / '.join(gap)}" for i, gap in enumerate(answer, 1)]
    elif kind == "order":
        words = [" → ".join(texts.get(key, key) for key in answer)]
    else:
        words = list(answer) if kind == "text" else []
    is_choice = kind in questions.CHOICES
    options = [{"key": key, "text": text, "right": is_choice and key in answer} for key, text in texts.items()]
    said = {name: part.get(name, "") for name in ("stem", "explanation", "basis")}
    return {"no": no, "kind": KINDS.get(kind, ""), "media": part.get("media", []), "options": options, "answer": words, **said}
