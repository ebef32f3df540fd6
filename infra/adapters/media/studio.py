"""The catalogue's studio: slides, voice, subtitles, HLS."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from infra.adapters.media import hls, lesson, scripts
from infra.adapters.media.questions import QuestionText
from public.catalogue.ports import Film


class SlideStudio:
    """Draws slides with typst, narrates with espeak-ng, encodes with ffmpeg, encrypts in Python."""

    def make(
        self,
        *,
        course: dict[str, Any],
        lesson_no: int,
        questions: Sequence[dict[str, Any]],
        full_hour: bool,
        folder: Path,
        progress: Callable[[int], None],
    ) -> Film:
        """See :class:`public.catalogue.ports.Studio`."""
        words = scripts.CourseText.of(course)
        bank = [QuestionText.of(question) for question in questions]
        script = scripts.long_script(words, bank) if full_hour else scripts.lesson_script(words, lesson_no, bank)
        source = folder / "source"
        source.mkdir()
        rendered = lesson.render(script, source, progress=lambda percent: progress(percent * 85 // 100))
        cut = folder / "hls"
        made = hls.package(rendered.video, cut, progress=lambda percent: progress(85 + percent * 15 // 100))
        segments = [{"file": s.file, "duration_ms": s.duration_ms, "key_no": s.key_no, "iv": s.iv_hex} for s in made.segments]
        return Film(
            duration_ms=made.duration_ms,
            package={"init": made.init_file, "segments": segments},
            keys=made.keys,
            files=(cut / made.init_file, *(cut / s.file for s in made.segments), rendered.subtitles, rendered.poster),
        )
