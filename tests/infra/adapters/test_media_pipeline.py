"""The pipeline on real files: ladders, loudness, silence, previews, pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import av
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from infra.adapters.media import ladder, loudness, office, pages, previews
from infra.adapters.media.errors import MediaError
from infra.adapters.media.ladder import Rung
from infra.adapters.media.pipeline import MediaPipeline
from public.catalogue.media_playlists import media_playlist, session_playlist
from public.catalogue.ports import Film
from tests.public.uploads.ground import ffmpeg, pdf, pptx

pytestmark = pytest.mark.req("R3.4")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quiet tone, 1280x720, 14 s."""
    file = tmp_path_factory.mktemp("source") / "film.mkv"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=12")
    sound = ("-f", "lavfi", "-i", "sine=f=300,volume=0.05")
    ffmpeg(*picture, *sound, "-t", "14", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(file))
    return file


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int]]:
    return []


@pytest.fixture(scope="module")
def film(source: Path, tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, int]]) -> Film:
    folder = tmp_path_factory.mktemp("film")
    return MediaPipeline().prepare(
        kind="VIDEO", content_type="video/x-matroska", source=source, folder=folder, told=lambda *news: told.append(news)
    )


def _clear(film: Film, step: dict[str, Any], tmp_path: Path) -> Path:
    """Return one rendition, decrypted, as a player would hold it."""
    files = {path.name: path for path in film.files}
    data = files[step["init"]].read_bytes()
    for segment in step["segments"]:
        key = Cipher(algorithms.AES(film.keys[segment["key_no"]]), modes.CBC(bytes.fromhex(segment["iv"]))).decryptor()
        sealed = files[segment["file"]].read_bytes()
        padded = key.update(sealed) + key.finalize()
        data += padded[: -padded[-1]]
    out = tmp_path / f"{step['name']}.mp4"
    out.write_bytes(data)
    return out


class TestFilms:
    def test_a_720p_film_becomes_two_steps_and_is_never_scaled_up(self, film: Film) -> None:
        steps = film.package["renditions"]
        assert [(step["name"], step["width"], step["height"]) for step in steps] == [("720p", 1280, 720), ("480p", 852, 480)]
        assert film.duration_ms == pytest.approx(14_000, abs=200)
        assert all(re.fullmatch(r"avc1\.[0-9a-f]{6},mp4a\.40\.2", step["codecs"]) for step in steps)

    def test_segments_of_all_steps_end_together_and_share_their_key_numbers(self, film: Film) -> None:
        cuts = [[(s["duration_ms"], s["key_no"]) for s in step["segments"]] for step in film.package["renditions"]]
        assert cuts[0] == cuts[1]
        assert [length for length, _ in cuts[0]] == pytest.approx([6_000, 6_000, 2_000], abs=120)
        ivs = {s["iv"] for step in film.package["renditions"] for s in step["segments"]}
        assert len(ivs) == len(film.keys) * 2

    def test_every_step_decrypts_and_plays_to_its_end(self, film: Film, tmp_path: Path) -> None:
        for step in film.package["renditions"]:
            with av.open(str(_clear(film, step, tmp_path))) as container:
                assert sum(1 for _ in container.decode(video=0)) == pytest.approx(14 * 12, abs=2)

    def test_the_sound_is_brought_to_minus_16_lufs(self, film: Film, tmp_path: Path) -> None:
        assert film.package["loudness"]["before_lufs"] < -30
        clear = _clear(film, film.package["renditions"][0], tmp_path)
        heard = loudness.listen(clear, total_ms=14_000, progress=lambda _: None)
        assert heard.lufs == pytest.approx(-16, abs=1)

    def test_stages_are_told_in_order_and_progress_never_falls(self, film: Film, told: list[tuple[str, int]]) -> None:
        stages = [stage for number, (stage, _) in enumerate(told) if number == 0 or told[number - 1][0] != stage]
        assert stages == ["PROBE", "LOUDNESS", "ENCODE", "PREVIEW", "ENCODE"]
        percents = [percent for _, percent in told]
        assert percents == sorted(percents)

    def test_the_poster_and_the_sheet_are_pictures_of_the_right_size(self, film: Film) -> None:
        files = {path.name: path for path in film.files}
        with av.open(str(files["poster.jpg"])) as picture:
            assert picture.streams.video[0].width == 1280
        with av.open(str(files["sprite.jpg"])) as picture:
            assert (picture.streams.video[0].width, picture.streams.video[0].height) == (1600, 90)
        cues = files["thumbnails.vtt"].read_text()
        assert re.findall(r"#xywh=(\d+),0,160,90", cues) == ["0", "160", "320"]
        assert "00:00:12.000 --> 00:00:14.0" in cues

    def test_the_list_of_steps_and_each_playlist_name_keys_by_number(self, film: Film) -> None:
        uris: dict[str, Any] = {"key_uri": lambda n: f"/k/{n}", "file_uri": lambda name: f"/f/{name}"}
        first = session_playlist(film.package, **uris, rendition_uri=lambda n: f"/r/{n}.m3u8")
        assert re.findall(r"RESOLUTION=(\d+x\d+)", first) == ["1280x720", "852x480"]
        assert [line for line in first.splitlines() if line.startswith("/r/")] == ["/r/0.m3u8", "/r/1.m3u8"]
        second = media_playlist(film.package, **uris, rendition=1)
        assert re.findall(r'URI="(/k/\d+)"', second) == ["/k/0"]
        assert "/f/480p_00002.m4s" in second
        former = {"init": "init.mp4", "segments": film.package["segments"]}
        assert "#EXTINF" in session_playlist(former, **uris, rendition_uri=lambda n: "")

    def test_no_key_and_no_clear_picture_lies_in_the_folder(self, film: Film) -> None:
        folder = film.files[0].parent
        assert {path.name for path in folder.iterdir()} == {path.name for path in film.files}
        for path in folder.iterdir():
            data = path.read_bytes()
            assert not any(key in data for key in film.keys)
            assert path.suffix != ".m4s" or data[4:8] not in {b"styp", b"moof"}


class TestRungs:
    @pytest.mark.parametrize(("size", "sides"), [
        ((3840, 2160), [1080, 720, 480]), ((1920, 1080), [1080, 720, 480]), ((1080, 1920), [1080, 720, 480]),
        ((1280, 720), [720, 480]), ((640, 360), [360]), ((1920, 800), [1080, 720, 480]),
    ])  # fmt: skip
    def test_no_step_is_larger_than_the_source(self, size: tuple[int, int], sides: list[int]) -> None:
        assert [rung.side for rung in ladder.rungs_for(*size)] == sides

    def test_a_film_held_upright_stays_upright(self, tmp_path: Path) -> None:
        file = tmp_path / "up.mp4"
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=360x640:rate=5", "-t", "2", "-pix_fmt", "yuv420p", str(file))
        made = MediaPipeline().prepare(
            kind="VIDEO", content_type="video/mp4", source=file, folder=tmp_path / "out", told=lambda *_: None
        )
        step = made.package["renditions"][0]
        assert (step["width"], step["height"]) == (360, 640)
        assert made.package["warnings"] == [{"code": "no_sound"}]

    def test_refuses_a_film_that_the_disk_could_not_hold(self, tmp_path: Path) -> None:
        with pytest.raises(MediaError) as refused:
            ladder.check_space(tmp_path, 1 << 60)
        assert refused.value.reason == "no_space"

    def test_rungs_fall_in_size_and_rate(self) -> None:
        assert list(ladder.RUNGS) == sorted(ladder.RUNGS, key=lambda rung: -rung.side)
        assert Rung(720, 1).long_side == 1280


class TestSound:
    def test_sound_alone_becomes_one_rendition_and_long_silence_is_reported(self, tmp_path: Path) -> None:
        file = tmp_path / "talk.mp3"
        noise = "sine=f=300:d=5,apad=pad_dur=35"
        ffmpeg("-f", "lavfi", "-i", noise, "-t", "40", str(file))
        made = MediaPipeline().prepare(
            kind="AUDIO", content_type="audio/mpeg", source=file, folder=tmp_path / "out", told=lambda *_: None
        )
        assert made.duration_ms == pytest.approx(40_000, abs=300)
        assert made.package["renditions"][0]["codecs"] == "mp4a.40.2"
        (silence,) = made.package["warnings"]
        assert silence["code"] == "silence"
        assert silence["from_ms"] == pytest.approx(5_000, abs=300)

    def test_a_file_silent_throughout_is_reported_and_left_as_it_is(self, tmp_path: Path) -> None:
        ffmpeg("-f", "lavfi", "-i", "anullsrc", "-t", "8", str(tmp_path / "quiet.wav"))
        made = MediaPipeline().prepare(
            kind="AUDIO", content_type="audio/wav", source=tmp_path / "quiet.wav", folder=tmp_path / "out", told=lambda *_: None
        )
        assert made.package["warnings"] == [{"code": "silent"}]


class TestDocuments:
    def test_pages_become_pictures_with_their_text_and_least_reading_time(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(pdf(3, "Ladder safety"))
        made = MediaPipeline().prepare(
            kind="DOCUMENT",
            content_type="application/pdf",
            source=tmp_path / "a.pdf",
            folder=tmp_path / "out",
            told=lambda *_: None,
        )
        assert [page["text"] for page in made.package["pages"]] == [f"Ladder safety {n}" for n in (1, 2, 3)]
        assert made.duration_ms == 3 * 20_000
        assert made.keys == ()
        with av.open(str(made.files[0])) as picture:
            assert (picture.streams.video[0].width, picture.streams.video[0].height) == (1400, 1050)

    @pytest.mark.parametrize(("signs", "ms"), [(0, 20_000), (100, 20_000), (300, 60_000), (1_500, 300_000)])
    def test_a_page_takes_twenty_seconds_or_a_minute_for_each_300_characters(self, signs: int, ms: int) -> None:
        assert pages.least_ms("安 " * signs) == ms

    def test_refuses_documents_with_too_many_pages_or_none(self, tmp_path: Path) -> None:
        (tmp_path / "long.pdf").write_bytes(pdf(501))
        with pytest.raises(MediaError) as refused:
            pages.count(tmp_path / "long.pdf")
        assert refused.value.reason == "too_many_pages"

    def test_a_presentation_asks_for_pdf_where_libreoffice_is_missing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        (tmp_path / "a.pptx").write_bytes(pptx())
        with pytest.raises(MediaError) as refused:
            office.to_pdf(tmp_path / "a.pptx", tmp_path)
        assert (refused.value.reason, "PDF" in refused.value.message) == ("no_office", True)

    def test_a_presentation_goes_through_the_office_found_on_the_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "made.pdf").write_bytes(pdf(2))
        program = tmp_path / "soffice"
        program.write_text(f'#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\ncp {tmp_path}/made.pdf "$2/slides.pdf"\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        (tmp_path / "a.pptx").write_bytes(pptx())
        out = tmp_path / "out"
        out.mkdir()
        assert pages.count(office.to_pdf(tmp_path / "a.pptx", out)) == 2
        program.write_text("#!/bin/sh\nexit 1\n")
        with pytest.raises(MediaError) as refused:
            office.to_pdf(tmp_path / "a.pptx", out)
        assert refused.value.reason == "conversion_failed"


def test_a_long_film_has_at_most_a_hundred_small_frames() -> None:
    hour = previews.Sheet(36_000, 100, 160, 90)
    assert previews.cues(hour, 3_600_000).count("xywh") == 100
