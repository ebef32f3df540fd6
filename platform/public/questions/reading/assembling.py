"""From what was written about one question to its content: kind, options, answer, and what is doubtful about them."""

import re
from dataclasses import dataclass, field
from typing import Any

from public.questions.content import BLANK, CASE, CHOICES, GAP, JUDGE, KINDS, LETTERS, MULTIPLE, ORDER, SINGLE, TEXT, gaps
from public.questions.reading import wording
from public.questions.reading.shapes import Draft, Remark, blank_content, blank_part

UNDERLINED = re.compile("\ue000([^\ue000\ue001]*)\ue001")
"""Words that Word underlines: the answer of a gap, where a question asks for one."""
_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）]")
_KIND_AT_END = re.compile(r"[（(\[【]\s*([^（）()\[\]【】\s]{2,7})\s*[)）\]】]\s*$")
_SCORE = re.compile(
    r"^\s*[（(]\s*(?:本题|每题)?\s*\d+(?:\.\d+)?\s*分\s*[)）]|[（(]\s*(?:本题|每题)?\s*\d+(?:\.\d+)?\s*分\s*[)）]\s*$"
)
_SLASH = re.compile(r"(?<=[一-鿿])\s*/\s*(?=[一-鿿])")
EMPTY_GAP = "（　）"


@dataclass(slots=True)
class Raw:
    """One question as it was written; every text may be empty. ``kind`` is what heading, column or tag says (may be ``choice``)."""

    line: int
    number: int = 0
    kind: str = ""
    stem: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str = ""
    explanation: str = ""
    basis: str = ""
    difficulty: str = ""
    points: str = ""
    topic: str = ""
    code: str = ""
    parts: list["Raw"] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def say(self, code: str, **details: str) -> None:
        """Note something about the question, once."""
        if (remark := Remark(code, details)) not in self.remarks:
            self.remarks.append(remark)


def assemble(raw: Raw, *, topic: str) -> Draft:
    """Return the draft of a question.

    :param topic: what a question without a topic of its own belongs to
    """
    points = wording.points(raw.points)
    content = blank_content(topic=wording.tidy(raw.topic) or topic) | {"points": points}
    if raw.difficulty.strip():
        level = wording.difficulty(raw.difficulty)
        if level is None:
            raw.say("difficulty_unread", said=raw.difficulty.strip()[:20])
        content["difficulty"] = level or 3
    if raw.parts or raw.kind == CASE:
        content |= _case(raw)
    else:
        content |= _question(raw)
    return Draft(raw.line, content, raw.remarks, wording.tidy(raw.code)[:40])


def _case(raw: Raw) -> dict[str, Any]:
    said = {"explanation": _text(raw.explanation), "basis": _text(raw.basis)}
    parts = []
    for part in raw.parts:
        parts.append(_question(part))
        raw.remarks += [remark for remark in part.remarks if remark not in raw.remarks]
    stem = UNDERLINED.sub(r"\1", wording.tidy_lines(_without_score(raw.stem)))
    return {"kind": CASE, "stem": stem, "media": [], **said, "parts": parts, "options": [], "answer": []}


def _question(raw: Raw) -> dict[str, Any]:
    """Return kind, stem, options, answer, explanation and basis."""
    stem = _kind_at_end(raw, wording.tidy_lines(_without_score(raw.stem)))
    inside = [found for found in _BRACKETS.finditer(stem) if wording.letters(found[1]) or wording.judgement(found[1]) is not None]
    options = _options(raw)
    kind = raw.kind if raw.kind in KINDS else _kind(raw, stem, options, inside)
    part = blank_part() | {"kind": kind, "explanation": _text(raw.explanation), "basis": _text(raw.basis)}
    if kind == BLANK:
        part["stem"], part["answer"] = _blanks(raw, stem)
        return part
    stem = UNDERLINED.sub(r"\1", stem)
    if kind == TEXT:
        part["stem"], part["answer"] = stem, [_text(raw.answer)] if raw.answer.strip() else []
        if not part["answer"]:
            raw.say("no_answer")
        return part
    return part | _chosen(raw, kind, stem, options)


def _text(value: str) -> str:
    return UNDERLINED.sub(r"\1", wording.tidy_lines(value))


def _without_score(stem: str) -> str:
    return _SCORE.sub("", _SCORE.sub("", stem))


def _kind_at_end(raw: Raw, stem: str) -> str:
    """Take 「（多选）」 off the end of a stem and remember it."""
    found = _KIND_AT_END.search(stem)
    if found and (kind := wording.kind(found[1])) and not found[1].isascii():
        raw.kind = raw.kind or kind
        return stem[: found.start()].rstrip()
    return stem


def _options(raw: Raw) -> list[dict[str, str]]:
    """Return the options under the keys A, B, C …; a gap between the letters as written is said, and so are too many of them."""
    if len(raw.options) > len(LETTERS):
        raw.say("too_many_options", n=str(len(raw.options)), most=str(len(LETTERS)))
    wanted = list(LETTERS[: len(raw.options)])
    missing = [key for key in wanted if key not in {key for key, _text in raw.options}]
    if missing:
        raw.say("option_order", key=missing[0])
    return [{"key": key, "text": _text(text)} for key, (_written, text) in zip(wanted, raw.options, strict=False)]


def _kind(raw: Raw, stem: str, options: list[dict[str, str]], inside: list[re.Match[str]]) -> str:
    """Say what kind a question is whose kind nobody named."""
    judged = wording.judgement(raw.answer) is not None
    if options:
        words = [wording.judgement(option["text"]) for option in options]
        if raw.kind != wording.CHOICE and len(words) == 2 and set(words) == {True, False}:
            return JUDGE
        keys = wording.letters(raw.answer or (inside[-1][1] if inside else "")) or []
        return MULTIPLE if len(keys) > 1 else SINGLE
    if raw.kind == wording.CHOICE:
        return SINGLE
    if judged or (not raw.answer and inside and wording.judgement(inside[-1][1]) is not None):
        return JUDGE
    return BLANK if gaps(stem) or UNDERLINED.search(stem) else TEXT


def _chosen(raw: Raw, kind: str, stem: str, options: list[dict[str, str]]) -> dict[str, Any]:
    """Return stem, options and answer of a question that is answered by choosing or ordering."""
    read = _judged if kind == JUDGE else _lettered
    line = read(raw.answer, options) if raw.answer.strip() else None
    marks = [(found, read(found[1], options)) for found in _BRACKETS.finditer(stem)]
    marks = [(found, keys) for found, keys in marks if keys and (kind in {JUDGE, MULTIPLE, ORDER} or len(keys) == 1)]
    same = [found for found, keys in marks if line is None or sorted(keys or []) == sorted(line)]
    answer = line
    if not raw.answer.strip():
        if same:
            answer = read(same[-1][1], options)
        else:
            raw.say("no_answer")
    elif line is None:
        raw.say("answer_unread", said=raw.answer.strip()[:20])
    elif marks and not same:
        raw.say("answers_differ", inside=marks[-1][0][1].strip(), line=raw.answer.strip()[:20])
    if same:
        stem = _emptied(stem, same[-1], is_judge=kind == JUDGE)
    if kind == JUDGE:
        options = [{"key": "A", "text": wording.TRUE_WORD}, {"key": "B", "text": wording.FALSE_WORD}]
    return {"stem": stem, "options": options, "answer": sorted(answer or []) if kind == MULTIPLE else answer or []}


def _emptied(stem: str, found: re.Match[str], *, is_judge: bool) -> str:
    """Return the stem without the answer that stood in its brackets; a judgement keeps no empty ones at its end."""
    before, after = stem[: found.start()], stem[found.end() :]
    if is_judge and not after.strip("。. "):
        return (before.rstrip() + after.strip()).replace("。。", "。")
    return before + EMPTY_GAP + after


def _lettered(said: str, options: list[dict[str, str]]) -> list[str] | None:
    keys = wording.letters(said)
    if keys is not None:
        return keys
    texts = {option["text"]: option["key"] for option in options}
    found = [texts.get(part) for part in (wording.tidy(part) for part in re.split(r"[;；\n]", said)) if part]
    return [key for key in found if key] if found and all(found) else None


def _judged(said: str, options: list[dict[str, str]]) -> list[str] | None:
    word = wording.tidy(said)
    if (keys := wording.letters(word)) and len(keys) == 1:
        word = next((option["text"] for option in options if option["key"] == keys[0]), {"A": "对", "B": "错"}.get(keys[0], word))
    truth = wording.judgement(word)
    return None if truth is None else ["A" if truth else "B"]


def _blanks(raw: Raw, stem: str) -> tuple[str, list[list[str]]]:
    """Return the stem with empty gaps, and for each the right answers."""
    written = wording.tidy_lines(raw.answer)
    said = _gap_answers(written, gaps(stem)) if written else []
    if UNDERLINED.search(stem) and (not said or gaps(stem) < len(said)):
        said = said or [_alternatives(found[1]) for found in UNDERLINED.finditer(stem)]
        return UNDERLINED.sub("____", stem), said
    stem = UNDERLINED.sub(r"\1", stem)
    inside = [found for found in _BRACKETS.finditer(stem) if found[1].strip()]
    if gaps(stem) == 0 and inside and (not said or [_alternatives(found[1]) for found in inside] == said):
        said = said or [_alternatives(found[1]) for found in inside]
        return _BRACKETS.sub(lambda found: EMPTY_GAP if found[1].strip() else found[0], stem), said
    if not said:
        raw.say("no_answer")
    return stem, said


def _gap_answers(said: str, count: int) -> list[list[str]]:
    """Split an answer line into gaps: by lines or semicolons, else by whatever gives as many as the stem has."""
    lines = said.split("\n")
    if len(lines) > 1:
        parts = [re.sub(r"^\s*(?:[（(]?\d{1,2}[)）.、]|[①-⑩])\s*", "", line) for line in lines]
    else:
        parts = re.split(r"[；;]", said)
        for marks in (r"[、]", r"[，,]", r"\s+"):
            if len(parts) == 1 < count and len(re.split(marks, said)) == count:
                parts = re.split(marks, said)
    return [_alternatives(part) for part in parts if part.strip()]


def _alternatives(gap: str) -> list[str]:
    parts = re.split(r"[|｜]", gap)
    if len(parts) == 1:
        parts = _SLASH.split(gap)
    return list(dict.fromkeys(part for part in (wording.tidy(part) for part in parts) if part))


__all__ = ["CHOICES", "EMPTY_GAP", "GAP", "Raw", "assemble"]
