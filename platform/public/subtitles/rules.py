"""What good subtitles are. Pure functions; errors keep a version from being published, warnings do not.

Clause 三.4 (seed): Chinese subtitles in standard characters for every film with speech, to its end. The figures for lines,
speed and gaps are those of the project's reading of it (coverage 95 %, 20 characters a line, two lines) and of usual practice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from public.subtitles.chinese import simplified
from public.subtitles.cues import Cue

ERROR, WARNING = "error", "warning"
Span = tuple[int, int]
COVERAGE = 0.95
"""Share of the film that must be subtitled, and of its length that the last cue must reach."""
PAUSE_MS = 3_000
"""A pause between two cues up to this length counts as covered: speakers breathe."""
LINE_WIDTH, MOST_LINES = 20, 2
FAST, TOO_FAST = 9.0, 12.0
"""Chinese characters a second."""
SHORTEST_MS = 500
END_SLACK_MS = 100
"""Measured lengths differ by a frame or two between tools."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``cue`` counts from 1 and is 0 for the track as a whole; ``fix`` is the text to take over, if any."""

    code: str
    level: str
    cue: int
    at_ms: int
    message: Any
    suggestion: Any
    fix: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it keeps the version from being published."""
        return self.level == ERROR

    def as_json(self) -> dict[str, Any]:
        """Return the shape the editor gets."""
        words = {"message": str(self.message), "suggestion": str(self.suggestion)}
        return {"code": self.code, "level": self.level, "cue": self.cue, "at_ms": self.at_ms, "fix": self.fix, **words}


def width(text: str) -> float:
    """Return how wide ``text`` is, counted in Chinese characters (Latin signs count half)."""
    return sum(0.5 if ord(sign) < 0x2E80 else 1.0 for sign in text)


def speed(cue: Cue) -> float:
    """Return how many Chinese characters a second a reader must take in; punctuation and spaces are not read."""
    length = max(cue.end_ms - cue.start_ms, 1)
    return width("".join(sign for sign in cue.text if sign.isalnum())) * 1000 / length


def covered_ms(cues: Sequence[Cue], duration_ms: int, silences: Sequence[Span] = ()) -> int:
    """Return how much of the film needs no more subtitles; pauses up to three seconds and measured silence count as covered."""
    return max(0, duration_ms - sum(end - start for start, end in gaps(cues, duration_ms, silences)))


def gaps(cues: Sequence[Cue], duration_ms: int, silences: Sequence[Span] = ()) -> list[Span]:
    """Return the stretches [start, end) longer than a pause in which something may be said but nothing is shown, in order."""
    edges: list[Span] = []
    shown_until = 0
    # Nothing has to be shown while nothing is heard.
    for start, end in sorted([*((cue.start_ms, cue.end_ms) for cue in cues), *silences]):
        edges.append((shown_until, min(start, duration_ms)))
        shown_until = max(shown_until, end)
    edges.append((shown_until, duration_ms))
    return [(start, end) for start, end in edges if end - start > PAUSE_MS]


def check(cues: Sequence[Cue], duration_ms: int, silences: Sequence[Span] = ()) -> list[Problem]:
    """Return everything wrong with a track, errors first, each group by time.

    :param cues: in order of their start
    :param duration_ms: measured length of the film; 0 while unknown, then nothing is said about its end
    :param silences: stretches [start, end) in which nothing is heard
    """
    found = [problem for number, cue in enumerate(cues, start=1) for problem in _cue(number, cue)]
    found += _overlaps(cues)
    if duration_ms:
        found += [*_whole(cues, duration_ms, silences), *_past_the_end(cues, duration_ms)]
    return sorted(found, key=lambda problem: (not problem.is_error, problem.at_ms, problem.cue))


def _cue(number: int, cue: Cue) -> Iterator[Problem]:
    yield from _lines(number, cue)
    length = cue.end_ms - cue.start_ms
    if length < SHORTEST_MS:
        advice: Any = _("延长结束时间，或与相邻字幕合并")
        yield Problem("too_short", ERROR, number, cue.start_ms, _("显示时间不足 0.5 秒，来不及看"), advice)
    elif (rate := speed(cue)) > FAST:
        level, code = (ERROR, "too_fast") if rate > TOO_FAST else (WARNING, "fast")
        message = _("每秒 %(rate)s 字，读起来太快") % {"rate": f"{rate:.1f}"}
        advice = _("延长到 %(seconds)s 秒以上，或精简文字") % {"seconds": f"{rate * length / 1000 / FAST + 0.05:.1f}"}
        yield Problem(code, level, number, cue.start_ms, message, advice)


def _lines(number: int, cue: Cue) -> Iterator[Problem]:
    if not cue.text:
        yield Problem("empty", ERROR, number, cue.start_ms, _("没有文字"), _("补上文字，或删除这一条"))
        return
    widest = max(map(width, cue.lines))
    if widest > LINE_WIDTH:
        message = _("一行有 %(count)s 字，超过 %(most)s 字") % {"count": f"{widest:g}", "most": LINE_WIDTH}
        yield Problem("long_line", ERROR, number, cue.start_ms, message, _("在停顿处换行，或拆成两条"))
    if len(cue.lines) > MOST_LINES:
        message = _("有 %(count)s 行，最多 %(most)s 行") % {"count": len(cue.lines), "most": MOST_LINES}
        yield Problem("many_lines", ERROR, number, cue.start_ms, message, _("拆成两条字幕"))
    if (fix := simplified(cue.text)) != cue.text:
        message = _("含繁体字：%(signs)s") % {"signs": _changed(cue.text, fix)}
        yield Problem("traditional", WARNING, number, cue.start_ms, message, _("转为简体"), fix)


def _changed(text: str, fix: str) -> str:
    if len(text) != len(fix):
        return text
    return "".join(dict.fromkeys(old for old, new in zip(text, fix, strict=True) if old != new))


def _overlaps(cues: Sequence[Cue]) -> Iterator[Problem]:
    for number, (before, cue) in enumerate(pairwise(cues), start=2):
        if cue.start_ms < before.end_ms:
            message = _("与上一条重叠 %(seconds)s 秒") % {"seconds": f"{(before.end_ms - cue.start_ms) / 1000:.2f}"}
            yield Problem("overlap", ERROR, number, cue.start_ms, message, _("把上一条的结束时间提前，或把这一条的开始时间推后"))


def _past_the_end(cues: Sequence[Cue], duration_ms: int) -> Iterator[Problem]:
    for number, cue in enumerate(cues, start=1):
        if cue.end_ms > duration_ms + END_SLACK_MS:
            message = _("超出影片结尾 %(seconds)s 秒") % {"seconds": f"{(cue.end_ms - duration_ms) / 1000:.2f}"}
            yield Problem(
                "past_the_end", ERROR, number, cue.start_ms, message, _("把时间改到影片之内，或检查字幕是否属于这部影片")
            )


def _whole(cues: Sequence[Cue], duration_ms: int, silences: Sequence[Span]) -> Iterator[Problem]:
    last = max((cue.end_ms for cue in cues), default=0)
    heard_until = min((start for start, end in silences if end >= duration_ms - PAUSE_MS), default=duration_ms)
    if last < heard_until * COVERAGE:
        message = _("字幕到 %(percent)s%% 处就结束了，应到 95%% 以上") % {"percent": last * 100 // duration_ms}
        yield Problem("ends_early", ERROR, 0, last, message, _("补全结尾的字幕；结尾没有讲解的，可写“（音乐）”或“（无解说）”"))
    share = covered_ms(cues, duration_ms, silences) / duration_ms
    if share < COVERAGE:
        message = _("字幕只覆盖了影片的 %(percent)s%%，应达到 95%%") % {"percent": int(share * 100)}
        advice = _("补上下列空白处的字幕；没有讲解的画面可写“（音乐）”或“（无解说）”")
        yield Problem("coverage", ERROR, 0, 0, message, advice)
    for start, end in gaps(cues, duration_ms, silences):
        message = _("有 %(seconds)s 秒没有字幕") % {"seconds": f"{(end - start) / 1000:.0f}"}
        yield Problem("gap", WARNING, 0, start, message, _("如有讲解请补上字幕"))
