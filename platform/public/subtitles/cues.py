"""Cues: one subtitle each, shown during [start_ms, end_ms) of a film; as JSON, WebVTT and SRT."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

MOST_CUES = 5_000
MOST_TEXT = 500
MOST_MS = 24 * 3_600_000
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle; ``text`` has its lines separated by ``\\n`` and no empty ones."""

    start_ms: int
    end_ms: int
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines as they are shown."""
        return self.text.split("\n") if self.text else []

    def as_json(self) -> dict[str, Any]:
        """Return the JSON shape that is stored."""
        return {"start_ms": self.start_ms, "end_ms": self.end_ms, "text": self.text}


def tidy(text: str) -> str:
    """Return ``text`` without control characters, spaces at line ends and empty lines, which would end a cue in a file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    kept = ("".join(sign for sign in line if sign.isprintable() or sign == "\u3000").strip() for line in lines)
    return "\n".join(line for line in kept if line)


def in_order(cues: Iterable[Cue]) -> list[Cue]:
    """Return the cues by their start; those that start together keep their order."""
    return sorted(cues, key=lambda cue: cue.start_ms)


def from_json(values: object) -> list[Cue]:
    """Return the cues that a browser sent, tidied and in order.

    :raises DomainError: ``bad_cues``, naming the cue
    """
    if not isinstance(values, list) or len(values) > MOST_CUES:
        raise DomainError("bad_cues", _("一条字幕轨最多 %(most)s 条字幕，请拆分视频后再编辑。") % {"most": MOST_CUES}, status=422)
    return in_order(_one(number, value) for number, value in enumerate(values, start=1))


def _one(number: int, value: object) -> Cue:
    times: list[Any] = [value.get("start_ms"), value.get("end_ms")] if isinstance(value, dict) else []
    text = value.get("text") if isinstance(value, dict) else None
    if not times or not isinstance(text, str) or not all(type(ms) is int and 0 <= ms <= MOST_MS for ms in times):
        raise DomainError(
            "bad_cues", _("第 %(number)s 条字幕的时间或文字不对，请改正后再保存。") % {"number": number}, status=422
        )
    if len(text) > MOST_TEXT:
        message = _("第 %(number)s 条字幕超过 %(most)s 字，请拆成几条。")
        raise DomainError("bad_cues", message % {"number": number, "most": MOST_TEXT}, status=422)
    return Cue(times[0], times[1], tidy(text))


def webvtt(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file; cues without words are left out, as no player shows them."""
    return "\n".join(["WEBVTT\n", *_blocks(cues, ".", lambda text: text.translate(_ESCAPES))])


def srt(cues: Sequence[Cue]) -> str:
    """Return an SRT file, which knows no escapes: an arrow inside the words becomes 「→」."""
    return "\n".join(_blocks(cues, ",", lambda text: text.replace("-->", "→")))


def _blocks(cues: Sequence[Cue], point: str, words: Any) -> list[str]:
    shown = [cue for cue in cues if cue.text]
    return [
        f"{number}\n{clock(cue.start_ms, point)} --> {clock(cue.end_ms, point)}\n{words(cue.text)}\n"
        for number, cue in enumerate(shown, start=1)
    ]


def clock(ms: int, point: str = ".") -> str:
    """Return ``ms`` as ``00:00:00.000``."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"
