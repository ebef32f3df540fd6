"""Probing and encrypted HLS: real files, decrypted again and decoded."""

import io
import itertools
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import av
import imageio_ffmpeg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from infra.adapters.media.errors import MediaError
from infra.adapters.media.hls import HlsPackage, package, random_key
from infra.adapters.media.lesson import LessonScript, Scene, Sentence, render
from infra.adapters.media.probe import probe
from infra.adapters.media.slides import Slide
from public.catalogue.media_playlists import media_playlist as playlist

LINE = "生产经营单位的主要负责人是本单位安全生产第一责任人，对本单位的安全生产工作全面负责。"


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *arguments], check=True, timeout=60)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = Scene(Slide("责任", "安全生产法", (LINE,)), (Sentence(LINE),) * 7)
    return render(LessonScript("责任", "责任", (scene,)), tmp_path_factory.mktemp("source"), progress=lambda _: None).video


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("package")


@pytest.fixture(scope="module")
def packed(source: Path, folder: Path) -> HlsPackage:
    return package(source, folder, keys=random_key, progress=lambda _: None)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that must be transcoded: MPEG-4 in AVI, odd size, 25 frames a second."""
    file = tmp_path_factory.mktemp("film") / "film.avi"
    picture = ("-f", "lavfi", "-i", "testsrc=size=854x480:rate=25")
    _ffmpeg(*picture, "-f", "lavfi", "-i", "sine", "-t", "14", "-c:v", "mpeg4", "-c:a", "mp3", str(file))
    return file


def _open(folder: Path, packed: HlsPackage, keys: Sequence[bytes]) -> bytes:
    """Return init and all segments, decrypted: what a player would hold."""
    clear = [(folder / packed.init_file).read_bytes()]
    for segment in packed.segments:
        cipher = Cipher(algorithms.AES(keys[segment.key_no]), modes.CBC(bytes.fromhex(segment.iv_hex))).decryptor()
        padded = cipher.update((folder / segment.file).read_bytes()) + cipher.finalize()
        remover = PKCS7(128).unpadder()
        clear.append(remover.update(padded) + remover.finalize())
    return b"".join(clear)


def _frames(media: bytes) -> int:
    with av.open(io.BytesIO(media), "r") as container:
        return sum(1 for _ in container.decode(video=0))


def test_decrypted_segments_play_for_the_measured_time(folder: Path, packed: HlsPackage, source: Path) -> None:
    assert packed.duration_ms == probe(source).duration_ms
    assert _frames(_open(folder, packed, packed.keys)) * 200 == packed.duration_ms


def test_segments_last_six_seconds_and_add_up(packed: HlsPackage) -> None:
    lengths = [segment.duration_ms for segment in packed.segments]
    assert set(lengths[:-1]) == {6_000}
    assert sum(lengths) == packed.duration_ms


def test_the_key_changes_every_ten_segments(packed: HlsPackage) -> None:
    assert [segment.key_no for segment in packed.segments] == [n // 10 for n in range(len(packed.segments))]
    assert len(packed.keys) == packed.segments[-1].key_no + 1 >= 2
    assert len(set(packed.keys)) == len(packed.keys)
    assert {len(key) for key in packed.keys} == {16}
    ivs = {segment.iv_hex for segment in packed.segments}
    assert len(ivs) == len(packed.keys)


def test_a_wrong_key_opens_nothing(folder: Path, packed: HlsPackage) -> None:
    wrong = [random_key() for _ in packed.keys]
    with pytest.raises((ValueError, av.FFmpegError)):
        _frames(_open(folder, packed, wrong))


def test_keys_are_neither_on_disk_nor_in_the_log(folder: Path, packed: HlsPackage) -> None:
    assert "keys" not in repr(packed)
    for file in folder.iterdir():
        data = file.read_bytes()
        assert not any(key in data or key.hex().encode() in data for key in packed.keys)


def test_the_folder_holds_only_the_package(folder: Path, packed: HlsPackage) -> None:
    names = {file.name for file in folder.iterdir()}
    assert names == {packed.init_file, *(segment.file for segment in packed.segments)}


def _package(packed: HlsPackage) -> dict[str, object]:
    """The package as the catalogue keeps it."""
    segments = [{"file": s.file, "duration_ms": s.duration_ms, "key_no": s.key_no, "iv": s.iv_hex} for s in packed.segments]
    return {"init": packed.init_file, "segments": segments}


def test_the_playlist_names_each_key_once_and_the_clear_init_first(packed: HlsPackage) -> None:
    text = playlist(_package(packed), key_uri=lambda number: f"/keys/{number}?s=1", file_uri=lambda file: f"/media/{file}")
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("#EXTM3U", "#EXT-X-ENDLIST")
    assert re.findall(r'URI="(/keys/[^"]+)",IV=0x[0-9a-f]{32}', text) == [f"/keys/{n}?s=1" for n in range(len(packed.keys))]
    first_map = next(n for n, line in enumerate(lines) if line.startswith("#EXT-X-MAP"))
    assert first_map < next(n for n, line in enumerate(lines) if line.startswith("#EXT-X-KEY"))
    assert sum(float(s) for s in re.findall(r"#EXTINF:([0-9.]+),", text)) == pytest.approx(packed.duration_ms / 1000)
    assert [line for line in lines if line.startswith("/media/")] == [f"/media/{s.file}" for s in packed.segments]


def test_ffmpeg_itself_plays_the_playlist(folder: Path, packed: HlsPackage, tmp_path: Path) -> None:
    for number, key in enumerate(packed.keys):
        (tmp_path / f"{number}.key").write_bytes(key)
    text = playlist(
        _package(packed),
        key_uri=lambda number: (tmp_path / f"{number}.key").as_uri(),
        file_uri=lambda file: (folder / file).as_uri(),
    )
    (tmp_path / "play.m3u8").write_text(text)
    protocols = ("-protocol_whitelist", "file,crypto", "-allowed_extensions", "ALL", "-extension_picky", "0")
    _ffmpeg(*protocols, "-i", str(tmp_path / "play.m3u8"), "-c", "copy", str(tmp_path / "played.mp4"))
    assert probe(tmp_path / "played.mp4").duration_ms == pytest.approx(packed.duration_ms, abs=250)


def test_other_formats_are_transcoded_to_segments(film: Path, tmp_path: Path) -> None:
    told: list[int] = []
    packed = package(film, tmp_path, segments_per_key=2, progress=told.append)
    assert [segment.duration_ms for segment in packed.segments] == pytest.approx([6_000, 6_000, 2_000], abs=60)
    assert [segment.key_no for segment in packed.segments] == [0, 0, 1]
    assert _frames(_open(tmp_path, packed, packed.keys)) == pytest.approx(350, abs=2)
    assert told == sorted(told)
    assert told[-1] == 100


def test_probe_measures_a_film(film: Path) -> None:
    found = probe(film)
    assert (found.width, found.height, found.fps) == (854, 480, 25.0)
    assert (found.video_codec, found.audio_codec) == ("mpeg4", "mp3")
    assert found.duration_ms == pytest.approx(14_000, abs=80)


POISON = {
    "text": b"not a film",
    "empty": b"",
    "playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "header": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(4_000),
}


@pytest.mark.parametrize("kind", POISON)
def test_refuses_what_is_not_media_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    (tmp_path / "upload.mp4").write_bytes(POISON[kind])
    with pytest.raises(MediaError) as refused:
        package(tmp_path / "upload.mp4", tmp_path / "out", progress=lambda _: None)
    assert refused.value.reason == "not_media"
    assert not (tmp_path / "out").exists()


def test_refuses_sound_without_picture(tmp_path: Path) -> None:
    _ffmpeg("-f", "lavfi", "-i", "sine", "-t", "1", str(tmp_path / "a.m4a"))
    with pytest.raises(MediaError) as refused:
        probe(tmp_path / "a.m4a")
    assert refused.value.reason == "no_video"


def test_refuses_a_file_cut_short(source: Path, tmp_path: Path) -> None:
    whole = source.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MediaError) as refused:
        probe(tmp_path / "cut.mp4")
    assert refused.value.reason in {"truncated", "not_media"}


def test_refuses_repeated_or_short_keys_and_leaves_nothing(source: Path, tmp_path: Path) -> None:
    for keys in (itertools.repeat(bytes(16)), itertools.repeat(b"short")):
        with pytest.raises(MediaError) as refused:
            package(source, tmp_path, keys=keys.__next__, progress=lambda _: None)
        assert refused.value.reason == "bad_key"
        assert list(tmp_path.iterdir()) == []


def test_a_broken_off_package_leaves_no_clear_media(film: Path, tmp_path: Path) -> None:
    def stop(percent: int) -> None:
        if percent > 90:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        package(film, tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []
