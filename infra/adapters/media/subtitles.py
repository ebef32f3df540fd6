"""WebVTT from a narration script whose sentence times are known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

LINE_WIDTH = 20.0
MAX_LINES = 2
_BREAK_AFTER = frozenset("，。；：？！、》）,;:?!")
_TOKEN = re.compile(r"[（《“‘〔(]*(?:[A-Za-z0-9.%~/+_-]{1,30}|[^\s])[）》”’〕)，。；：？！、,;:?!]*\s*")
_RAGGED_COST = 200.0
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence and when it is said: [start_ms, end_ms) of the lesson."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle of at most two lines, shown during [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def width(text: str) -> float:
    """Return how wide ``text`` is, counted in Chinese characters (Latin signs count half)."""
    return sum(0.5 if ord(sign) < 0x2E80 else 1.0 for sign in text)


def split_lines(text: str) -> list[str]:
    """Return ``text`` in even lines at most 20 Chinese characters wide, broken at punctuation if possible."""
    tokens = _TOKEN.findall(" ".join(text.split()))
    widths = [width(token.rstrip()) if index else width(token) for index, token in enumerate(tokens)]

    @cache
    def best(start: int) -> tuple[float, int]:
        """Return the cost of setting the tokens from ``start`` on, and where its first line ends."""
        if start == len(tokens):
            return 0.0, start
        choices: list[tuple[float, int]] = []
        taken = 0.0
        for end in range(start + 1, len(tokens) + 1):
            taken += widths[end - 1] + (0.5 if tokens[end - 1].endswith(" ") else 0.0)
            if taken > LINE_WIDTH and end > start + 1:
                break
            clean = end == len(tokens) or tokens[end - 1].rstrip()[-1] in _BREAK_AFTER
            cost = (LINE_WIDTH - taken) ** 2 + (0.0 if clean else _RAGGED_COST)
            choices.append((cost + best(end)[0], end))
        return min(choices)

    lines, start = [], 0
    for _ in tokens:
        if start < len(tokens):
            end = best(start)[1]
            lines.append("".join(tokens[start:end]).strip())
            start = end
    return lines


def cut(spoken: Sequence[Spoken], total_ms: int) -> list[Cue]:
    """Return the subtitles of a lesson of ``total_ms``: each starts with its words and stays until the next ones.

    Long sentences become several cues, their time shared by length. Cues never overlap.
    """
    ends = [*(sentence.start_ms for sentence in spoken[1:]), total_ms]
    return [cue for sentence, until in zip(spoken, ends, strict=True) for cue in _cut_one(sentence, until)]


def _cut_one(sentence: Spoken, until_ms: int) -> Iterable[Cue]:
    lines = split_lines(sentence.text)
    parts = [tuple(lines[index : index + MAX_LINES]) for index in range(0, len(lines), MAX_LINES)]
    weights = [sum(map(width, part)) for part in parts]
    length, whole, said = sentence.end_ms - sentence.start_ms, sum(weights), 0.0
    start = sentence.start_ms
    for index, (part, weight) in enumerate(zip(parts, weights, strict=True), start=1):
        said += weight
        end = until_ms if index == len(parts) else sentence.start_ms + round(length * said / whole)
        yield Cue(start, end, part)
        start = end


def webvtt(cues: Iterable[Cue]) -> str:
    """Return the text of a WebVTT file."""
    blocks = (
        f"{number}\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n" + "\n".join(cue.lines).translate(_ESCAPES) + "\n"
        for number, cue in enumerate(cues, start=1)
    )
    return "\n".join(("WEBVTT\n", *blocks))


def _clock(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
