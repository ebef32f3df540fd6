"""How loud a recording is and where it falls silent: EBU R 128 measured by ffmpeg, aimed at −16 LUFS."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.adapters.media import ffmpeg
from infra.adapters.media.ffmpeg import Progress

TARGET_LUFS: Final = -16.0
TRUE_PEAK_DB: Final = -1.5
RANGE_LU: Final = 11.0
SILENCE_S: Final = 30
SILENCE_DB: Final = -50
_SILENT_LUFS: Final = -70.0
"""Below the absolute gate of EBU R 128 nothing was heard at all."""
_AIM = f"loudnorm=I={TARGET_LUFS}:TP={TRUE_PEAK_DB}:LRA={RANGE_LU}"
_REPORT = re.compile(r'\{[^{}]*"input_i"[^{}]*\}')
_START, _END = re.compile(r"silence_start: (-?[0-9.]+)"), re.compile(r"silence_end: ([0-9.]+)")
_KEPT_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What was measured: loudness in LUFS (None: silent throughout), stretches of more than 30 s without sound, in ms."""

    lufs: float | None
    silences: tuple[tuple[int, int], ...]
    measured: dict[str, str]

    @property
    def filter(self) -> str:
        """The ffmpeg filter that brings this recording to the aim in one linear step, empty for a silent one."""
        if self.lufs is None:
            return ""
        told = self.measured
        known = f"measured_I={told['input_i']}:measured_TP={told['input_tp']}:measured_LRA={told['input_lra']}"
        return f"{_AIM}:{known}:measured_thresh={told['input_thresh']}:offset={told['target_offset']}:linear=true"

    def warnings(self) -> list[dict[str, Any]]:
        """Return what a person should look at, as data."""
        if self.lufs is None:
            return [{"code": "silent"}]
        return [{"code": "silence", "from_ms": start, "to_ms": end} for start, end in self.silences]


def listen(source: Path, *, total_ms: int, progress: Progress) -> Heard:
    """Measure the first sound of ``source``.

    :raises MediaError: ``ffmpeg_failed``, ``stalled``
    """
    lines: list[str] = []

    def hear(line: str) -> None:
        if len(lines) < _KEPT_LINES:
            lines.append(line)
        else:
            del lines[100:200]  # a broken file may complain without end; the report comes last

    chain = f"silencedetect=n={SILENCE_DB}dB:d={SILENCE_S},{_AIM}:print_format=json"
    origin = (*ffmpeg.UNTRUSTED_SOUND, "-i", f"file:{source.absolute()}", "-map", "0:a:0", "-vn", "-sn", "-dn")
    arguments = [*origin, "-af", chain, "-f", "null", "-"]
    ffmpeg.run(arguments, cwd=source.parent, total_ms=total_ms, progress=progress, heard=hear)
    return _read("\n".join(lines), lines, total_ms)


def _read(text: str, lines: Sequence[str], total_ms: int) -> Heard:
    reports = _REPORT.findall(text)
    measured: dict[str, str] = json.loads(reports[-1]) if reports else {}
    lufs = float(measured.get("input_i", "-inf"))
    return Heard(lufs if lufs > _SILENT_LUFS else None, _silences(lines, total_ms), measured)


def _silences(lines: Sequence[str], total_ms: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    start: float | None = None
    for line in lines:
        if match := _START.search(line):
            start = float(match[1])
        elif (match := _END.search(line)) and start is not None:
            found.append((max(0, round(start * 1000)), round(float(match[1]) * 1000)))
            start = None
    if start is not None:
        found.append((max(0, round(start * 1000)), total_ms))
    return tuple(found)
