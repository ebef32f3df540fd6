"""Slides, speech and lessons: real typst, real espeak-ng, real ffmpeg on small inputs."""

import os
import struct
import time
import wave
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import av
import pytest
import webvtt

from infra.adapters.media import slides, spoken, voice
from infra.adapters.media.errors import MediaError
from infra.adapters.media.lesson import LessonScript, RenderedLesson, Scene, Sentence, render
from infra.adapters.media.probe import measure, probe
from infra.adapters.media.slides import Slide
from infra.adapters.media.subtitles import Spoken, cut, split_lines, width
from infra.adapters.media.subtitles import webvtt as vtt_text

WORDS = "从业人员发现直接危及人身安全的紧急情况时，有权停止作业或者采取可能的应急措施后撤离作业场所。"
LESSON = LessonScript(
    "有限空间作业",
    "工贸企业有限空间作业安全",
    (
        Scene(Slide("有限空间作业", "第 1 讲"), (Sentence("先通风，再检测，后作业。", 1_500),)),
        Scene(Slide("应急", "安全生产法", ("停止作业", "撤离")), (Sentence(WORDS), Sentence("氧含量应为19.5%~21%。"))),
    ),
)


@pytest.fixture(scope="module")
def told() -> list[int]:
    return []


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, told: list[int]) -> RenderedLesson:
    return render(LESSON, tmp_path_factory.mktemp("lesson"), progress=told.append)


def _png_size(file: Path) -> tuple[int, int]:
    width_, height = struct.unpack(">II", file.read_bytes()[16:24])
    return int(width_), int(height)


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def test_slides_are_720p_pictures_in_order(tmp_path: Path) -> None:
    files = slides.draw([Slide("封面", "副标题"), Slide("要点", "", ("很长的要点" * 60,) * 6, "页脚" * 80)], tmp_path)
    assert [file.name for file in files] == ["slide_0001.png", "slide_0002.png"]
    assert [_png_size(file) for file in files] == [(1280, 720)] * 2


def test_slide_text_is_data_and_is_never_executed(tmp_path: Path) -> None:
    hostile = '#panic("x") #read("/etc/passwd") $1/0$ *b* \\ "'
    assert slides.draw([Slide(hostile, hostile, (hostile,), hostile)], tmp_path)[0].exists()


def test_speech_has_the_length_it_says(tmp_path: Path) -> None:
    duration_ms = voice.speak("安全第一、预防为主、综合治理。", tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() * 1000 // file.getframerate() == duration_ms
    assert 2_000 < duration_ms < 8_000


def test_a_slower_rate_speaks_longer() -> None:
    assert voice.length_ms(WORDS, rate=120) > voice.length_ms(WORDS, rate=240) * 1.3


def test_threads_speaking_at_once_do_not_mix_their_voices() -> None:
    texts = ["先通风。", WORDS, "安全生产", WORDS * 2] * 5
    alone = [len(voice.samples(text)) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = [len(sound) for sound in pool.map(voice.samples, texts)]
    assert together == pytest.approx(alone, rel=0.02)


@pytest.mark.parametrize(
    ("text", "rate", "reason"),
    [
        ("", 175, "nothing_to_say"),
        ("，。（　）", 175, "nothing_to_say"),
        ("安" * 3_000, 175, "text_too_long"),
        ("安", 5, "bad_rate"),
    ],
)
def test_refuses_what_cannot_be_said(tmp_path: Path, text: str, rate: int, reason: str) -> None:
    with pytest.raises(MediaError) as refused:
        voice.speak(text, tmp_path / "a.wav", rate=rate)
    assert refused.value.reason == reason
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("按照GB 30871-2022，", "国家标准三零八七一，二零二二年版"),
        ("GB/T 4968", "推荐性国家标准四九六八"),
        ("作业高度h在15m<h≤30m的", "作业高度大于15米、不超过30米的"),
        ("氧含量19.5%~21%", "百分之19.5到百分之21"),
        ("不大于30mA、0.1s", "30毫安、0.1秒"),
        ("85dB(A)", "85分贝"),
        ("比例为30:2，100~120次/分", "30比2，100到120次每分钟"),
        ("（2021年修正）", "二零二一年修正"),
        ("使用AED", "A E D"),
        ("Ⅰ级", "一级"),
    ],
)
def test_codes_and_units_are_read_the_way_people_say_them(written: str, read: str) -> None:
    assert read in spoken.pronounce(written)


def test_subtitle_lines_keep_to_twenty_characters_and_lose_nothing() -> None:
    text = WORDS + "按照GB 30871-2022《危险化学品企业特殊作业安全规范》，15m<h≤30m。" + "长" * 50
    lines = split_lines(text)
    assert max(map(width, lines)) <= 20
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_subtitles_escape_signs_of_the_format() -> None:
    assert "15m&lt;h --&gt; a &amp; b" in vtt_text(cut([Spoken("15m<h --> a & b", 0, 900)], 1_000))


def test_the_video_is_what_was_asked_for(rendered: RenderedLesson) -> None:
    measured = measure(rendered.video)
    found = measured.probe
    assert (found.width, found.height, found.fps) == (1280, 720, 5.0)
    assert (found.video_codec, found.audio_codec, measured.pixel_format) == ("h264", "aac", "yuv420p")
    assert all(time == number * 6_000 for number, time in enumerate(measured.keyframes_ms))
    assert len(measured.keyframes_ms) > 1


def test_the_duration_is_that_of_the_file(rendered: RenderedLesson) -> None:
    with av.open(str(rendered.video)) as container:
        decoded = sum(1 for _ in container.decode(video=0))
    assert rendered.duration_ms == decoded * 200
    with av.open(str(rendered.video)) as container:
        sound = sum(frame.samples for frame in container.decode(audio=0)) / 44_100
    assert sound * 1000 == pytest.approx(rendered.duration_ms, abs=150)


def test_subtitles_cover_the_lesson_without_overlap(rendered: RenderedLesson) -> None:
    cues = [(_seconds(cue.start), _seconds(cue.end)) for cue in webvtt.read(str(rendered.subtitles)).captions]
    assert sum(end - start for start, end in cues) >= 0.95 * rendered.duration_ms / 1000
    assert all(start < end for start, end in cues)
    assert all(before[1] <= after[0] for before, after in pairwise(cues))
    assert cues[-1][1] <= rendered.duration_ms / 1000


def test_subtitles_say_what_the_script_says(rendered: RenderedLesson) -> None:
    shown = "".join(cue.text.replace("\n", "") for cue in webvtt.read(str(rendered.subtitles)).captions)
    assert shown == "".join(sentence.text for scene in LESSON.scenes for sentence in scene.narration)


def test_progress_only_rises_and_ends_at_a_hundred(rendered: RenderedLesson, told: list[int]) -> None:
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 100)


def test_only_results_stay_in_the_folder(rendered: RenderedLesson) -> None:
    assert {file.name for file in rendered.video.parent.iterdir()} == {"source.mp4", "subtitles.vtt", "poster.jpg"}
    assert probe(rendered.video).duration_ms == rendered.duration_ms
    assert rendered.poster.read_bytes()[:2] == b"\xff\xd8"


def test_a_broken_off_render_leaves_nothing(tmp_path: Path) -> None:
    def stop(percent: int) -> None:
        if percent > 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(LESSON, tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("scenes", "reason"),
    [
        ((), "empty_lesson"),
        ((Scene(Slide("空"), ()),), "empty_lesson"),
        ((Scene(Slide("停"), (Sentence("停顿。", 2_001),)),), "bad_pause"),
    ],
)
def test_refuses_a_script_without_words_or_with_long_silence(tmp_path: Path, scenes: tuple[Scene, ...], reason: str) -> None:
    with pytest.raises(MediaError) as refused:
        render(LessonScript("", "", scenes), tmp_path, progress=lambda _: None)
    assert refused.value.reason == reason


@pytest.mark.slow
@pytest.mark.skipif("ANXUE_SLOW" not in os.environ, reason="renders 45 minutes; set ANXUE_SLOW=1")
def test_a_full_lesson_encodes_in_about_a_minute(tmp_path: Path) -> None:
    scenes = tuple(Scene(Slide(f"第 {n} 页", "", (WORDS,)), (Sentence(WORDS),) * 4) for n in range(52))
    start = time.monotonic()
    result = render(LessonScript("整课", "整课", scenes), tmp_path, progress=lambda _: None)
    assert result.duration_ms >= 2_500_000
    assert time.monotonic() - start < 150
