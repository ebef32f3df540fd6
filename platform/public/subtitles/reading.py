"""WebVTT and SRT files read into cues. A file is taken whole or refused with the lines that are wrong."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import webvtt
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.subtitles.cues import MOST_CUES, MOST_TEXT, Cue, in_order, tidy
from public.subtitles.encodings import decode

MOST_BYTES = 2 * 1024 * 1024
_MOST_NAMED = 20
_TIME = r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_ASS = re.compile(r"\{\\[^}]*\}")
_NOT_SHOWN = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds, and in words what was changed on the way in."""

    cues: list[Cue]
    form: str
    encoding: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines without an empty one between them; ``first`` is the number of the first, from 1."""

    first: int
    lines: list[str]


def read(data: bytes) -> Imported:
    """Read a subtitle file in whatever encoding.

    :raises DomainError: ``too_large``, ``empty_file``, ``unknown_encoding``; ``bad_subtitles`` with ``lines``
        (``[{"line", "text"}]``, at most 20)
    """
    if len(data) > MOST_BYTES:
        raise DomainError("too_large", _("字幕文件超过 2 MB。请确认选择的是字幕文件，而不是视频。"), status=413)
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise DomainError("empty_file", _("这个字幕文件是空的，请重新导出后再导入。"), status=422)
    text, encoding = decode(data)
    lines = [line.rstrip() for line in text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    form = "WebVTT" if next(filter(None, lines), "").startswith("WEBVTT") else "SRT"
    cues = _Reader(is_vtt=form == "WebVTT").cues(lines)
    notes = []
    if encoding != "UTF-8":
        notes.append(str(_("文件编码为 %(encoding)s，已转换为 UTF-8。") % {"encoding": encoding}))
    if cues != in_order(cues):
        notes.append(str(_("文件中的字幕没有按时间排列，已重新排序。")))
    return Imported(in_order(cues), form, encoding, notes)


def _blocks(lines: list[str]) -> Iterator[_Block]:
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line:
            block.append(line)
        elif block:
            yield _Block(number - len(block), block)
            block = []


class _Reader:
    """Reads the blocks of one file and gathers what is wrong with it."""

    def __init__(self, *, is_vtt: bool) -> None:
        self.is_vtt = is_vtt
        self.wrong: list[dict[str, Any]] = []

    def cues(self, lines: list[str]) -> list[Cue]:
        found: list[Cue] = []
        for number, block in enumerate(_blocks(lines)):
            if self.is_vtt and (number == 0 or block.lines[0].startswith(_NOT_SHOWN)):
                continue
            found += self._split(block, is_first=not found)
        if not found and not self.wrong:
            self._complain(1, _("没有找到任何字幕时间，应类似 00:00:01.000 --> 00:00:03.000"))
        if len(found) > MOST_CUES:
            self._complain(1, _("字幕超过 %(most)s 条") % {"most": MOST_CUES})
        self._refuse()
        return found

    def _split(self, block: _Block, *, is_first: bool) -> Iterator[Cue]:
        """Yield the cues of a block: usually one; more where the empty line between two was forgotten."""
        starts = [index for index, line in enumerate(block.lines) if "-->" in line]
        if not starts or starts[0] > 1:
            self._complain(block.first, _("这行文字不属于任何一条字幕，前面缺少时间行或多了空行"))
            return
        for position, index in enumerate(starts):
            end = starts[position + 1] if position + 1 < len(starts) else len(block.lines)
            words = block.lines[index + 1 : end]
            if position + 1 < len(starts) and words and words[-1].isdigit():
                words = words[:-1]  # the number of the next cue
            cue = self._cue(block.first + index, block.lines[index], words)
            if cue:
                yield cue

    def _cue(self, line_no: int, timing: str, words: list[str]) -> Cue | None:
        match = _TIMING.match(timing)
        if match is None:
            self._complain(line_no, _("时间格式不对，应类似 00:00:01.000 --> 00:00:03.000"))
            return None
        start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:])
        if start is None or end is None:
            self._complain(line_no, _("时间里的分和秒应小于 60"))
        elif end <= start:
            self._complain(line_no, _("结束时间应晚于开始时间"))
        elif not (text := self._words(words)):
            self._complain(line_no, _("这条字幕没有文字"))
        elif len(text) > MOST_TEXT:
            self._complain(line_no, _("这条字幕超过 %(most)s 字") % {"most": MOST_TEXT})
        else:
            return Cue(start, end, text)
        return None

    def _words(self, words: list[str]) -> str:
        """Return the words without tags: the styles of a cue are the player's business."""
        bare = webvtt.Caption("00:00:00.000", "00:00:01.000", _ASS.sub("", "\n".join(words))).text
        return tidy(html.unescape(bare) if self.is_vtt else bare)

    def _complain(self, line: int, text: Any) -> None:
        self.wrong.append({"line": line, "text": str(text)})

    def _refuse(self) -> None:
        if not self.wrong:
            return
        first, count = self.wrong[0], len(self.wrong)
        message = _("第 %(line)s 行：%(text)s。") % first
        if count > 1:
            message = _("第 %(line)s 行：%(text)s。共有 %(count)s 处需要改正。") % {**first, "count": count}
        raise DomainError("bad_subtitles", message, status=422, lines=self.wrong[:_MOST_NAMED])


def _ms(parts: tuple[str | None, ...]) -> int | None:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    if minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((parts[3] or "0").ljust(3, "0"))
