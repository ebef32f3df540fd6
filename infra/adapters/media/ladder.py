"""A ladder of renditions from one film: cut by one ffmpeg that decodes once, encrypted by us under one ring of keys.

Segments of all renditions are cut at the same moments and share their key numbers, so that a key is asked for at the same
pace whatever quality plays.
"""

import math
import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final

import av

from infra.adapters.media import ffmpeg
from infra.adapters.media.errors import MediaError
from infra.adapters.media.ffmpeg import Progress
from infra.adapters.media.hls import KEY_BYTES, HlsSegment, KeyMaker, check_sum, encrypt, random_key, read_cut
from infra.adapters.media.probe import Probe

SEGMENT_S: Final = 6
PER_KEY: Final = 10
_CUT = 92
_SPARE_BYTES = 512 << 20
_MOST_FPS = 30
_SLACK_MS = 250
_SOUND_KBPS = 128


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: the shorter side in pixels, and the most kilobits a second of its picture."""

    side: int
    kbps: int

    @property
    def long_side(self) -> int:
        """The longer side of a 16:9 picture of this step."""
        return self.side * 16 // 9 // 2 * 2


RUNGS: Final = (Rung(1080, 4_500), Rung(720, 2_500), Rung(480, 1_200))


@dataclass(frozen=True, slots=True)
class Rendition:
    """One finished step: picture in pixels (0 for sound alone), peak bits a second, codecs (RFC 6381), files."""

    name: str
    width: int
    height: int
    bandwidth: int
    codecs: str
    init_file: str
    segments: tuple[HlsSegment, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """An encrypted ladder, best rendition first. ``keys`` are secret: the caller seals them."""

    duration_ms: int
    renditions: tuple[Rendition, ...]
    keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Job:
    """What all outputs of one run share. ``aside`` gets the clear playlist of the last output before it is encrypted."""

    folder: Path
    duration_ms: int
    kbps: int
    keys: KeyMaker
    progress: Progress
    aside: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    """One output of ffmpeg: its folder, what is mapped into it and how it is encoded."""

    name: str
    arguments: tuple[str, ...]


def rungs_for(width: int, height: int) -> tuple[Rung, ...]:
    """Return the steps for a picture, best first: none larger than the source; a smaller source is one step as it is."""
    short, long = sorted((width, height))
    fitting = tuple(rung for rung in RUNGS if short >= rung.side or long >= rung.long_side)
    return fitting or (Rung(short, RUNGS[-1].kbps),)


def film(
    source: Path,
    folder: Path,
    found: Probe,
    *,
    sound_filter: str,
    keys: KeyMaker = random_key,
    progress: Progress,
    aside: Callable[[Path], None] = lambda _: None,
) -> Ladder:
    """Make the ladder of a film in ``folder``; after a failure nothing of this run is left there.

    :param found: what `probe` measured of ``source``
    :param sound_filter: filter of the sound, empty for none; ignored for a film without sound
    :param aside: called with the clear playlist of the smallest rendition before it is encrypted, to draw previews from
    :raises MediaError: ``no_space``, ``ffmpeg_failed``, ``stalled``, ``bad_key``, ``uneven_duration``
    """
    rungs = rungs_for(found.width, found.height)
    kbps = sum(rung.kbps + _SOUND_KBPS for rung in rungs)
    plans = [_picture_plan(rung, number, has_sound=found.audio_codec is not None) for number, rung in enumerate(rungs)]
    graph = _graph(rungs, found, sound_filter)
    origin = (*ffmpeg.UNTRUSTED, "-threads", "2", "-i", f"file:{source.absolute()}", "-filter_complex_threads", "1")
    arguments = (*origin, "-filter_complex", graph)
    return _make(_Job(folder, found.duration_ms, kbps, keys, progress, aside), arguments, plans)


def sound(
    source: Path, folder: Path, duration_ms: int, *, sound_filter: str, keys: KeyMaker = random_key, progress: Progress
) -> Ladder:
    """Make the single rendition of a recording without picture; raises as :func:`film`."""
    filters = ("-af", f"{sound_filter},{_EVEN_SOUND}" if sound_filter else _EVEN_SOUND)
    plan = _Plan("audio", ("-map", "0:a:0", "-vn", *filters, *_SOUND))
    arguments = (*ffmpeg.UNTRUSTED_SOUND, "-i", f"file:{source.absolute()}")
    return _make(_Job(folder, duration_ms, _SOUND_KBPS, keys, progress, lambda _: None), arguments, [plan])


_EVEN_SOUND = "aresample=48000:async=1:first_pts=0"
_SOUND = ("-c:a", "aac", "-b:a", f"{_SOUND_KBPS}k", "-ac", "2", "-ar", "48000")


def _graph(rungs: Sequence[Rung], found: Probe, sound_filter: str) -> str:
    """Return the filter graph: decoded once, split, each branch scaled down to its step."""
    count = len(rungs)
    fps = Fraction(found.fps).limit_denominator(1001) if 0 < found.fps <= _MOST_FPS else Fraction(_MOST_FPS)
    chains = [f"[0:v:0]fps={fps},split={count}" + "".join(f"[in{n}]" for n in range(count))]
    for number, rung in enumerate(rungs):
        # Films from phones are turned by a flag, which ffmpeg obeys before this: which side is long is known only there.
        box = f"w='min(iw,if(gte(iw,ih),{rung.long_side},{rung.side}))':h='min(ih,if(gte(iw,ih),{rung.side},{rung.long_side}))'"
        chains.append(f"[in{number}]scale={box}:{_FIT},format=yuv420p[v{number}]")
    if found.audio_codec is not None:
        sound_chain = f"{sound_filter},{_EVEN_SOUND}" if sound_filter else _EVEN_SOUND
        chains.append(f"[0:a:0]{sound_chain},asplit={count}" + "".join(f"[a{n}]" for n in range(count)))
    return ";".join(chains)


_FIT = "force_original_aspect_ratio=decrease:force_divisible_by=2"


def _picture_plan(rung: Rung, number: int, *, has_sound: bool) -> _Plan:
    rate = ("-crf", "23", "-maxrate", f"{rung.kbps}k", "-bufsize", f"{2 * rung.kbps}k")
    keyframes = ("-g", "9999", "-sc_threshold", "0", "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_S})")
    picture = ("-map", f"[v{number}]", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-threads", "2", *rate, *keyframes)
    return _Plan(f"{rung.side}p", (*picture, *(("-map", f"[a{number}]", *_SOUND) if has_sound else ())))


def _make(job: _Job, arguments: Sequence[str], plans: Sequence[_Plan]) -> Ladder:
    job.folder.mkdir(parents=True, exist_ok=True)
    check_space(job.folder, 2 * job.kbps * 125 * job.duration_ms // 1000 + _SPARE_BYTES)
    with tempfile.TemporaryDirectory(prefix=".ladder-", dir=job.folder) as name:
        work = Path(name)
        outputs = [argument for plan in plans for argument in _output(plan, work)]
        said = partial(_scaled, job.progress, 0, _CUT)
        ffmpeg.run([*arguments, *outputs], cwd=work, total_ms=job.duration_ms, progress=said)
        cuts = [read_cut(work / plan.name / "clear.m3u8") for plan in plans]
        _check_cuts(cuts, job.duration_ms)
        job.aside(work / plans[-1].name / "clear.m3u8")
        ring = _ring(job.keys, math.ceil(len(cuts[0]) / PER_KEY))
        made = [_seal(work, plan.name, cut, ring) for plan, cut in zip(plans, cuts, strict=True)]
        for file in work.glob("*.m*"):
            file.replace(job.folder / file.name)
    job.progress(100)
    return Ladder(sum(length for _, length in cuts[0]), tuple(made), tuple(ring))


def check_space(folder: Path, needed: int) -> None:
    """Refuse a job that the disk could not hold.

    :raises MediaError: ``no_space``
    """
    if shutil.disk_usage(folder).free < needed:
        raise MediaError("服务器存储空间不足，请联系平台管理员后重试。", "no_space", needed_bytes=needed)


def _scaled(progress: Progress, low: int, high: int, percent: int) -> None:
    progress(low + percent * (high - low) // 100)


def _output(plan: _Plan, work: Path) -> tuple[str, ...]:
    (work / plan.name).mkdir()
    bare = ("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1")
    hls = ("-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")
    # ffmpeg puts the init file beside the playlist by itself, the segments only when told.
    names = ("-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", f"{plan.name}/clear_%05d.m4s")
    return (*plan.arguments, *bare, *hls, *names, f"{plan.name}/clear.m3u8")


def _check_cuts(cuts: Sequence[Sequence[tuple[Path, int]]], duration_ms: int) -> None:
    check_sum(cuts[0], duration_ms)
    for other in cuts[1:]:
        same = len(other) == len(cuts[0])
        if not same or any(abs(a - b) > _SLACK_MS for (_, a), (_, b) in zip(cuts[0], other, strict=True)):
            raise MediaError("各清晰度的切片不一致，请重新导出视频后上传。", "uneven_duration")


def _ring(make: KeyMaker, count: int) -> list[bytes]:
    ring = [make() for _ in range(count)]
    if any(len(key) != KEY_BYTES for key in ring) or len(set(ring)) != count:
        raise MediaError("视频密钥不符合要求，请联系平台管理员。", "bad_key")
    return ring


def _seal(work: Path, name: str, cut: Sequence[tuple[Path, int]], ring: Sequence[bytes]) -> Rendition:
    """Encrypt one rendition; each clear piece goes as soon as it is sealed, so that the disk holds it once."""
    init = f"{name}_init.mp4"
    (work / name / "init.mp4").replace(work / init)
    ivs = [secrets.token_bytes(KEY_BYTES) for _ in ring]
    segments, peak = [], 0
    for number, (clear, length) in enumerate(cut):
        key_no, file = number // PER_KEY, f"{name}_{number:05d}.m4s"
        encrypt(clear, work / file, ring[key_no], ivs[key_no])
        peak = max(peak, clear.stat().st_size * 8000 // max(length, 1))
        clear.unlink()
        segments.append(HlsSegment(file, length, key_no, ivs[key_no].hex()))
    width, height, codecs = _describe(work / init)
    return Rendition(name, width, height, peak, codecs, init, tuple(segments))


def _describe(init: Path) -> tuple[int, int, str]:
    """Return width, height and codecs that an init file declares."""
    data = init.read_bytes()
    at = data.find(b"avcC")
    codecs = [f"avc1.{data[at + 5 : at + 8].hex()}"] if at > 0 else []
    with av.open(str(init)) as container:
        pictures = container.streams.video
        size = (pictures[0].width, pictures[0].height) if pictures else (0, 0)
        codecs += ["mp4a.40.2"] if container.streams.audio else []
    return *size, ",".join(codecs)
