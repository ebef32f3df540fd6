"""The catalogue's pipeline: an uploaded file made ready to be shown."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from infra.adapters.media import ladder, loudness, office, pages, previews, probe
from infra.adapters.media.inspector import PPTX
from infra.adapters.media.ladder import Ladder, Rendition
from public.catalogue.ports import Film, Told

PROBE, LOUDNESS, ENCODE, PREVIEW, CONVERT, PAGES = "PROBE", "LOUDNESS", "ENCODE", "PREVIEW", "CONVERT", "PAGES"
_DEFAULT_SIDE: Final = 720


class MediaPipeline:
    """ffmpeg for films and sounds, pdfium and LibreOffice for documents."""

    def prepare(self, *, kind: str, content_type: str, source: Path, folder: Path, told: Told) -> Film:
        """See :class:`public.catalogue.ports.Pipeline`."""
        makers: dict[str, Callable[[Path, Path, str, Told], Film]] = {"VIDEO": _film, "AUDIO": _sound, "DOCUMENT": _document}
        return makers[kind](source, folder, content_type, told)


def _within(told: Told, stage: str, low: int, high: int) -> Callable[[int], None]:
    return partial(_scaled, told, stage, low, high)


def _scaled(told: Told, stage: str, low: int, high: int, percent: int) -> None:
    told(stage, low + percent * (high - low) // 100)


def _film(source: Path, folder: Path, content_type: str, told: Told) -> Film:
    told(PROBE, 0)
    found = probe.probe(source)
    told(PROBE, 4)
    heard = None
    if found.audio_codec is not None:
        heard = loudness.listen(source, total_ms=found.duration_ms, progress=_within(told, LOUDNESS, 4, 10))
    made: dict[str, Any] = {}

    def draw(clear: Path) -> None:
        told(PREVIEW, 92)
        previews.poster(source, folder, duration_ms=found.duration_ms)
        sheet = previews.sheet(clear, folder, duration_ms=found.duration_ms, width=found.width, height=found.height)
        made["sprite"] = {"file": previews.SHEET, "cues": previews.CUES, "count": sheet.count}

    steps = ladder.film(
        source,
        folder,
        found,
        sound_filter=heard.filter if heard else "",
        progress=_within(told, ENCODE, 10, 98),
        aside=draw,
    )
    package = {**_package(steps), **made, "poster": previews.POSTER, **_report(heard)}
    files = (*_files(folder, steps.renditions), *(folder / name for name in (previews.POSTER, previews.SHEET, previews.CUES)))
    return Film(steps.duration_ms, package, steps.keys, files)


def _sound(source: Path, folder: Path, content_type: str, told: Told) -> Film:
    told(PROBE, 0)
    found = probe.listen(source)
    heard = loudness.listen(source, total_ms=found.duration_ms, progress=_within(told, LOUDNESS, 4, 30))
    steps = ladder.sound(source, folder, found.duration_ms, sound_filter=heard.filter, progress=_within(told, ENCODE, 30, 98))
    return Film(steps.duration_ms, {**_package(steps), **_report(heard)}, steps.keys, tuple(_files(folder, steps.renditions)))


def _document(source: Path, folder: Path, content_type: str, told: Told) -> Film:
    told(PROBE, 0)
    folder.mkdir(parents=True, exist_ok=True)
    if content_type == PPTX:
        office.check(source)
        told(CONVERT, 5)
        source = office.to_pdf(source, folder)
    drawn = pages.draw(source, folder, progress=_within(told, PAGES, 30, 98))
    package = {
        "pages": [
            {"file": page.file, "width": page.width, "height": page.height, "text": page.text, "least_ms": page.least_ms}
            for page in drawn
        ],
        "poster": drawn[0].file,
        "warnings": [] if any(page.text.strip() for page in drawn) else [{"code": "no_text"}],
    }
    return Film(sum(page.least_ms for page in drawn), package, (), tuple(folder / page.file for page in drawn))


def _package(steps: Ladder) -> dict[str, Any]:
    """Return the package of a ladder; ``init`` and ``segments`` repeat the rendition for players that take only one."""
    renditions = [_rendition(step) for step in steps.renditions]
    plain = next((one for one in renditions if min(one["width"], one["height"]) <= _DEFAULT_SIDE), renditions[-1])
    return {"renditions": renditions, "init": plain["init"], "segments": plain["segments"]}


def _rendition(step: Rendition) -> dict[str, Any]:
    return {
        "name": step.name,
        "width": step.width,
        "height": step.height,
        "bandwidth": step.bandwidth,
        "codecs": step.codecs,
        "init": step.init_file,
        "segments": [
            {"file": one.file, "duration_ms": one.duration_ms, "key_no": one.key_no, "iv": one.iv_hex} for one in step.segments
        ],
    }


def _report(heard: loudness.Heard | None) -> dict[str, Any]:
    if heard is None:
        return {"warnings": [{"code": "no_sound"}]}
    return {"warnings": heard.warnings(), "loudness": {"before_lufs": heard.lufs, "aim_lufs": loudness.TARGET_LUFS}}


def _files(folder: Path, renditions: Iterable[Rendition]) -> list[Path]:
    return [folder / name for one in renditions for name in (one.init_file, *(segment.file for segment in one.segments))]
