"""A lesson from its script: narrated slides as one MP4, with subtitles cut from the script and a poster."""

import tempfile
import wave
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from infra.adapters.media import ffmpeg, slides, subtitles, voice
from infra.adapters.media.errors import MediaError
from infra.adapters.media.ffmpeg import Progress
from infra.adapters.media.probe import probe
from infra.adapters.media.slides import Slide
from infra.adapters.media.subtitles import Spoken

FPS: Final = 5
KEYFRAME_SECONDS: Final = 6
MAX_PAUSE_MS: Final = 2_000
_FRAME_SAMPLES = voice.SAMPLE_RATE // FPS
LEAD_MS: Final = 200
TAIL_MS: Final = 300
_PREPARED = 15
_GOP = str(FPS * KEYFRAME_SECONDS)
_COLOUR = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=range=tv:colorspace=bt709"
_VIDEO = ("-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-bf", "0", "-threads", "2")
_KEYFRAMES = ("-g", _GOP, "-keyint_min", _GOP, "-sc_threshold", "0")
_AUDIO = ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "64k", "-ac", "1", "-ar", "44100")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One narrated sentence, also its subtitle, and the silence after it (at most 2 s)."""

    text: str
    pause_ms: int = 250


@dataclass(frozen=True, slots=True)
class Scene:
    """One slide and all that is said while it stands."""

    slide: Slide
    narration: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class LessonScript:
    """A lesson in words; ``footer`` stands on every slide that has none of its own."""

    title: str
    footer: str
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class RenderedLesson:
    """The files of a rendered lesson; ``duration_ms`` is measured from the finished video."""

    video: Path
    subtitles: Path
    poster: Path
    duration_ms: int


def render(lesson: LessonScript, folder: Path, *, progress: Progress) -> RenderedLesson:
    """Write ``source.mp4`` (720p, 5 fps, H.264/AAC, a keyframe each 6 s), ``subtitles.vtt`` and ``poster.jpg``.

    Working files live in a temporary folder inside ``folder`` and go away in any case; results appear only whole.

    :param progress: called with rising percentages 0..100
    :raises MediaError: ``empty_lesson``, ``bad_pause`` and those of the slides, the voice and ffmpeg
    """
    _check(lesson)
    folder.mkdir(parents=True, exist_ok=True)
    progress(0)
    with tempfile.TemporaryDirectory(prefix=".render-", dir=folder) as name:
        work = Path(name)
        pictures = slides.draw([_footed(scene.slide, lesson.footer) for scene in lesson.scenes], work)
        progress(_PREPARED // 2)
        lengths, spoken = _narrate(lesson.scenes, work / "voice.wav")
        progress(_PREPARED)
        total_ms = sum(lengths)
        _list_slides(pictures, lengths, work / "slides.ffconcat")
        ffmpeg.run(_encode(total_ms), cwd=work, total_ms=total_ms, progress=partial(_shift, progress))
        ffmpeg.run(_poster(pictures[0]), cwd=work, total_ms=total_ms, progress=lambda _: None)
        cues = subtitles.cut(spoken, total_ms)
        (work / "subtitles.vtt").write_text(subtitles.webvtt(cues), encoding="utf-8")
        duration_ms = probe(work / "source.mp4").duration_ms
        files = [_publish(work, folder, file) for file in ("source.mp4", "subtitles.vtt", "poster.jpg")]
    progress(100)
    return RenderedLesson(files[0], files[1], files[2], duration_ms)


def _check(lesson: LessonScript) -> None:
    if not lesson.scenes or any(not scene.narration for scene in lesson.scenes):
        raise MediaError("课件讲稿是空的，请至少为每页写一句讲解。", "empty_lesson")
    pauses = (sentence.pause_ms for scene in lesson.scenes for sentence in scene.narration)
    if any(not 0 <= pause <= MAX_PAUSE_MS for pause in pauses):
        raise MediaError("句间停顿应在 0 到 2 秒之间，请修改讲稿。", "bad_pause")


def _footed(slide: Slide, footer: str) -> Slide:
    return slide if slide.footer else Slide(slide.title, slide.subtitle, slide.bullets, footer)


def _shift(progress: Progress, percent: int) -> None:
    progress(_PREPARED + percent * (99 - _PREPARED) // 100)


def _publish(work: Path, folder: Path, file: str) -> Path:
    return (work / file).replace(folder / file)


class _Track:
    """A WAV file being written, counting samples so that times are exact."""

    def __init__(self, file: wave.Wave_write) -> None:
        self._file = file
        self.samples = 0

    @property
    def ms(self) -> int:
        return self.samples * 1000 // voice.SAMPLE_RATE

    def add(self, sound: bytes) -> None:
        self._file.writeframesraw(sound)
        self.samples += len(sound) // voice.SAMPLE_BYTES

    def silence(self, samples: int) -> None:
        self.add(bytes(samples * voice.SAMPLE_BYTES))

    def say(self, sentence: Sentence) -> Spoken:
        start = self.ms
        self.add(voice.samples(sentence.text))
        spoken = Spoken(sentence.text, start, self.ms)
        self.silence(sentence.pause_ms * voice.SAMPLE_RATE // 1000)
        return spoken


def _narrate(scenes: Sequence[Scene], out: Path) -> tuple[list[int], list[Spoken]]:
    """Speak all scenes into one WAV; return each scene's length in ms (whole frames) and the times of all sentences."""
    lengths: list[int] = []
    spoken: list[Spoken] = []
    with wave.open(str(out), "wb") as file:
        voice.open_track(file)
        track = _Track(file)
        for scene in scenes:
            before = track.samples
            spoken.extend(_perform(scene, track))
            lengths.append((track.samples - before) // _FRAME_SAMPLES * (1000 // FPS))
    return lengths, spoken


def _perform(scene: Scene, track: _Track) -> Iterator[Spoken]:
    track.silence(LEAD_MS * voice.SAMPLE_RATE // 1000)
    for sentence in scene.narration:
        yield track.say(sentence)
    track.silence(TAIL_MS * voice.SAMPLE_RATE // 1000)
    # Ending on a frame keeps picture and sound together over 45 minutes.
    track.silence(-track.samples % _FRAME_SAMPLES)


def _list_slides(pictures: Sequence[Path], lengths: Iterable[int], out: Path) -> None:
    shown = [f"file '{picture.name}'\nduration {length / 1000:.3f}" for picture, length in zip(pictures, lengths, strict=True)]
    # The demuxer ignores the duration of the last entry: name the last picture once more and cut with -t.
    out.write_text("\n".join(("ffconcat version 1.0", *shown, f"file '{pictures[-1].name}'", "")), encoding="utf-8")


def _encode(total_ms: int) -> list[str]:
    inputs = ["-f", "concat", "-i", "slides.ffconcat", "-i", "voice.wav", "-map", "0:v", "-map", "1:a"]
    # Colours are converted once a slide, before the frames are multiplied.
    picture = ["-vf", f"{_COLOUR},fps={FPS}", *_VIDEO, *_KEYFRAMES]
    return [*inputs, *picture, *_AUDIO, "-t", f"{total_ms / 1000:.3f}", "-movflags", "+faststart", "source.mp4"]


def _poster(picture: Path) -> list[str]:
    return ["-i", picture.name, "-frames:v", "1", "-q:v", "3", "-pix_fmt", "yuvj420p", "poster.jpg"]
