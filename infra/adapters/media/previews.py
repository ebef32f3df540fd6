"""Pictures of a film: a poster, and one sheet of small frames with the WebVTT that says which frame stands where."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.adapters.media import ffmpeg

TILE_WIDTH: Final = 160
COLUMNS: Final = 10
MOST_TILES: Final = 100
SHEET, CUES, POSTER = "sprite.jpg", "thumbnails.vtt", "poster.jpg"
_STEP_MS = 6_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a frame each ``every_ms``, ``count`` of them, ``width`` x ``height`` pixels each, ten in a row."""

    every_ms: int
    count: int
    width: int
    height: int


def poster(source: Path, folder: Path, *, duration_ms: int) -> Path:
    """Write ``poster.jpg``, at most 1280 pixels wide, from a tenth into the film (at most a minute in).

    :raises MediaError: ``ffmpeg_failed``, ``stalled``
    """
    at = min(duration_ms // 10, 60_000) / 1000
    origin = (*ffmpeg.UNTRUSTED, "-ss", f"{at:.3f}", "-i", f"file:{source.absolute()}", "-map", "0:v:0")
    picture = ("-frames:v", "1", "-vf", "scale=w='min(1280,iw)':h=-2,format=yuvj420p", "-q:v", "4", "-update", "1")
    ffmpeg.run([*origin, *picture, POSTER], cwd=folder, total_ms=1000, progress=lambda _: None)
    return folder / POSTER


def sheet(playlist: Path, folder: Path, *, duration_ms: int, width: int, height: int) -> Sheet:
    """Write ``sprite.jpg`` and ``thumbnails.vtt`` from the clear playlist of a rendition of ``width`` x ``height``.

    Only keyframes are decoded: they stand at each 6 seconds, which is as fine as a preview needs to be.

    :raises MediaError: ``ffmpeg_failed``, ``stalled``
    """
    every_ms = _STEP_MS * max(1, math.ceil(duration_ms / _STEP_MS / MOST_TILES))
    count = max(1, math.ceil(duration_ms / every_ms))
    rows = math.ceil(count / COLUMNS)
    tile_height = max(2, round(TILE_WIDTH * height / max(width, 1) / 2) * 2)
    chain = f"fps=1000/{every_ms}:round=up,scale={TILE_WIDTH}:{tile_height},tile={COLUMNS}x{rows},format=yuvj420p"
    origin = ("-skip_frame", "nokey", "-i", playlist.name, "-map", "0:v:0")
    arguments = [*origin, "-vf", chain, "-frames:v", "1", "-q:v", "5", "-update", "1", str((folder / SHEET).absolute())]
    ffmpeg.run(arguments, cwd=playlist.parent, total_ms=duration_ms, progress=lambda _: None)
    found = Sheet(every_ms, count, TILE_WIDTH, tile_height)
    (folder / CUES).write_text(cues(found, duration_ms), encoding="utf-8")
    return found


def cues(found: Sheet, duration_ms: int) -> str:
    """Return the WebVTT of a sheet: for each stretch the part of the picture to show (media fragment ``xywh``)."""
    blocks = ["WEBVTT"]
    for number in range(found.count):
        start, end = number * found.every_ms, min((number + 1) * found.every_ms, duration_ms)
        x, y = number % COLUMNS * found.width, number // COLUMNS * found.height
        blocks.append(f"{_clock(start)} --> {_clock(end)}\n{SHEET}#xywh={x},{y},{found.width},{found.height}")
    return "\n\n".join((*blocks, ""))


def _clock(ms: int) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
