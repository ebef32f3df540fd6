"""Encrypted HLS: fragments by ffmpeg, AES-128-CBC by us, so that keys live only in the caller's hands."""

import math
import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from infra.adapters.media import ffmpeg
from infra.adapters.media.errors import MediaError
from infra.adapters.media.ffmpeg import Progress
from infra.adapters.media.probe import Measured, measure

KEY_BYTES: Final = 16
_CHUNK = 1 << 20
_SPARE_BYTES = 256 << 20
_COPY_WIDTH, _COPY_HEIGHT = 1920, 1088
_KEYFRAME_SLACK_MS = 500
_DURATION_SLACK_MS = 1_500
_CUT = 90
_INIT = "init.mp4"
_EXTINF = re.compile(r"#EXTINF:([0-9.]+),[^\n]*\n([^#\n]+)")
_SCALE = "scale=w='min(1280,iw)':h='min(720,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2"
_ENCODE = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "2500k", "-bufsize", "5000k", "-bf", "0")
_SOUND = ("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "44100")


class KeyMaker(Protocol):
    """Makes a fresh secret for each minute of media."""

    def __call__(self) -> bytes:
        """Return 16 random bytes."""


def random_key() -> bytes:
    """Return a fresh AES-128 key from the system's random source."""
    return secrets.token_bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class HlsSegment:
    """One encrypted fragment: file name, length in ms, which key (from 0) and which IV (32 hex digits) opened it."""

    file: str
    duration_ms: int
    key_no: int
    iv_hex: str


@dataclass(frozen=True, slots=True)
class HlsPackage:
    """An encrypted package. ``keys`` are secret: the caller seals them; they are never written to disk or shown.

    ``duration_ms`` is the sum of all segments, measured from the cut files.
    """

    duration_ms: int
    init_file: str
    segments: tuple[HlsSegment, ...]
    keys: tuple[bytes, ...] = field(repr=False)


def package(
    source: Path,
    folder: Path,
    *,
    keys: KeyMaker = random_key,
    segment_s: int = 6,
    segments_per_key: int = 10,
    progress: Progress,
) -> HlsPackage:
    """Cut ``source`` into encrypted fMP4 segments in ``folder``: ``init.mp4`` (clear) and ``seg_00000.m4s`` …

    H.264/AAC with fitting keyframes is copied; anything else becomes 720p H.264 at up to 30 frames a second.
    Needs free space of twice the source; after a failure ``folder`` holds nothing of this run.

    :param progress: called with rising percentages 0..100
    :raises MediaError: those of :func:`probe`, ``no_space``, ``ffmpeg_failed``, ``stalled``, ``bad_key``,
        ``uneven_duration`` when the segments do not add up to the source
    """
    progress(0)
    found = measure(source)
    folder.mkdir(parents=True, exist_ok=True)
    _check_space(source, folder)
    with tempfile.TemporaryDirectory(prefix=".package-", dir=folder) as name:
        work = Path(name)
        clear = _cut(source, found, work, segment_s, partial(_scaled, progress, 0, _CUT))
        check_sum(clear, found.probe.duration_ms)
        ring = _keys(keys, math.ceil(len(clear) / segments_per_key))
        segments = _encrypt_all(clear, ring, segments_per_key, work, partial(_scaled, progress, _CUT, 99))
        for file in (_INIT, *(segment.file for segment in segments)):
            (work / file).replace(folder / file)
    progress(100)
    return HlsPackage(sum(length for _, length in clear), _INIT, segments, tuple(key for key, _ in ring))


def _scaled(progress: Progress, low: int, high: int, percent: int) -> None:
    progress(low + percent * (high - low) // 100)


def _check_space(source: Path, folder: Path) -> None:
    needed = 2 * source.stat().st_size + _SPARE_BYTES
    if shutil.disk_usage(folder).free < needed:
        raise MediaError("服务器存储空间不足，请联系平台管理员后重试。", "no_space", needed_bytes=needed)


def _can_copy(found: Measured, segment_s: int) -> bool:
    """Tell whether ``found`` plays everywhere as it is and can be cut at each ``segment_s`` seconds."""
    probe, step = found.probe, segment_s * 1000
    if probe.video_codec != "h264" or probe.audio_codec not in ("aac", None) or found.pixel_format != "yuv420p":
        return False
    if probe.width > _COPY_WIDTH or probe.height > _COPY_HEIGHT:
        return False
    # The muxer cuts at the first keyframe at or after each multiple: an early one would double the segment.
    fitting = {key // step for key in found.keyframes_ms if key % step <= _KEYFRAME_SLACK_MS}
    return fitting.issuperset(range(math.ceil(probe.duration_ms / step)))


def _cut(source: Path, found: Measured, work: Path, segment_s: int, progress: Progress) -> list[tuple[Path, int]]:
    """Cut ``source`` into clear fragments in ``work``; return each with its length in ms."""
    if _can_copy(found, segment_s):
        codecs: Sequence[str] = ("-c", "copy")
    else:
        keyframes = ("-g", "9999", "-sc_threshold", "0", "-force_key_frames", f"expr:gte(t,n_forced*{segment_s})")
        codecs = ("-vf", f"{_SCALE},format=yuv420p", "-fpsmax", "30", "-threads", "2", *_ENCODE, *keyframes, *_SOUND)
    streams = ("-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1")
    hls = ("-f", "hls", "-hls_time", str(segment_s), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")
    names = ("-hls_fmp4_init_filename", _INIT, "-hls_segment_filename", "clear_%05d.m4s", "clear.m3u8")
    origin = (*ffmpeg.UNTRUSTED, "-i", f"file:{source.absolute()}")
    arguments = [*origin, *streams, *codecs, *hls, *names]
    ffmpeg.run(arguments, cwd=work, total_ms=found.probe.duration_ms, progress=progress)
    return read_cut(work / "clear.m3u8")


def read_cut(playlist: Path) -> list[tuple[Path, int]]:
    """Read ffmpeg's playlist; lengths are rounded at their ends, so that rounding never adds up."""
    cut: list[tuple[Path, int]] = []
    end, told = 0.0, 0
    for seconds, name in _EXTINF.findall(playlist.read_text(encoding="utf-8")):
        end += float(seconds)
        cut.append((playlist.parent / name.strip(), round(end * 1000) - told))
        told = round(end * 1000)
    return cut


def check_sum(clear: Sequence[tuple[Path, int]], source_ms: int) -> None:
    """Refuse a cut whose pieces do not add up to the source.

    :raises MediaError: ``uneven_duration``
    """
    total = sum(length for _, length in clear)
    if not clear or abs(total - source_ms) > max(_DURATION_SLACK_MS, source_ms // 100):
        raise MediaError("切片时长与原视频不一致，请重新导出视频后上传。", "uneven_duration", total_ms=total)


def _keys(make: KeyMaker, count: int) -> list[tuple[bytes, bytes]]:
    """Return ``count`` pairs of key and IV."""
    ring = [(make(), secrets.token_bytes(KEY_BYTES)) for _ in range(count)]
    if any(len(key) != KEY_BYTES for key, _ in ring) or len({key for key, _ in ring}) != count:
        raise MediaError("视频密钥不符合要求，请联系平台管理员。", "bad_key")
    return ring


def _encrypt_all(
    clear: Sequence[tuple[Path, int]],
    ring: Sequence[tuple[bytes, bytes]],
    per_key: int,
    work: Path,
    progress: Progress,
) -> tuple[HlsSegment, ...]:
    segments = []
    for number, (file, length) in enumerate(clear):
        # One IV a key group keeps a 45-minute playlist at 45 key tags; it never meets another key.
        key, iv = ring[number // per_key]
        name = f"seg_{number:05d}.m4s"
        encrypt(file, work / name, key, iv)
        file.unlink()
        segments.append(HlsSegment(name, length, number // per_key, iv.hex()))
        progress((number + 1) * 100 // len(clear))
    return tuple(segments)


def encrypt(source: Path, target: Path, key: bytes, iv: bytes) -> None:
    """Write ``source`` to ``target`` in AES-128-CBC with PKCS7 padding (RFC 8216 §4.3.2.4), a megabyte at a time."""
    cipher: CipherContext = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    padder = PKCS7(KEY_BYTES * 8).padder()
    with source.open("rb") as clear, target.open("wb") as sealed:
        while chunk := clear.read(_CHUNK):
            sealed.write(cipher.update(padder.update(chunk)))
        sealed.write(cipher.update(padder.finalize()) + cipher.finalize())
