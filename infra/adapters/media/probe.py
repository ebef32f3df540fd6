"""What a media file really is, measured from its packets rather than believed from its header."""

from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from infra.adapters.media.errors import MediaError
from infra.adapters.media.ffmpeg import CONTAINERS, SOUND_CONTAINERS

MAX_DURATION_MS = 8 * 3_600_000
MAX_PIXELS = 4096 * 2304
_TRUNCATED_SLACK_MS = 2_000
_OPTIONS = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
SOUND_OPTIONS = {"format_whitelist": SOUND_CONTAINERS, "protocol_whitelist": "file"}


@dataclass(frozen=True, slots=True)
class Probe:
    """A measured media file: duration in ms, picture in pixels, frames a second, codec names (no sound: ``None``)."""

    duration_ms: int
    width: int
    height: int
    fps: float
    video_codec: str
    audio_codec: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A probe with what packaging needs: pixel format and the times of all keyframes from the start, in ms."""

    probe: Probe
    pixel_format: str
    keyframes_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """A measured sound: duration in ms and codec name."""

    duration_ms: int
    codec: str


def listen(path: Path) -> Sound:
    """Return what sound ``path`` holds, its duration measured over all packets; a cover picture beside it is no matter.

    :raises MediaError: ``not_media``, ``no_sound``, ``undecodable``, ``truncated``, ``too_long`` (8 hours)
    """
    try:
        with av.open(str(path.absolute()), options=SOUND_OPTIONS) as container:
            return _listen(container)
    except av.FFmpegError as error:
        raise MediaError("这不是可以播放的音频文件，请重新选择 MP3 等音频。", "not_media") from error
    except OSError as error:
        raise MediaError("音频文件无法读取，请重新上传。", "unreadable") from error


def _listen(container: InputContainer) -> Sound:
    if not container.streams.audio:
        raise MediaError("文件里没有声音，请重新导出后上传。", "no_sound")
    stream = container.streams.audio[0]
    first, last = _span(container, stream)
    if stream.time_base is None or last <= first:
        raise MediaError("音频里没有声音数据，请重新导出后上传。", "undecodable")
    duration_ms = round((last - first) * stream.time_base * 1000)
    _check_duration(duration_ms, (container.duration or 0) // 1000)
    try:
        container.seek(0)
        if next(container.decode(stream), None) is None:
            raise MediaError("音频无法解码，请重新导出后上传。", "undecodable")
    except av.FFmpegError as error:
        raise MediaError("音频无法解码，请重新导出后上传。", "undecodable") from error
    return Sound(duration_ms, stream.codec_context.codec.canonical_name)


def _span(container: InputContainer, stream: AudioStream) -> tuple[int, int]:
    """Return where the packets of a sound begin and end, in ticks of the stream."""
    first: int | None = None
    last = 0
    for packet in container.demux(stream):
        if packet.pts is not None:
            first = packet.pts if first is None else min(first, packet.pts)
            last = max(last, packet.pts + (packet.duration or 0))
    return first or 0, last


def probe(path: Path) -> Probe:
    """Return what ``path`` holds, its duration measured over all video packets.

    :raises MediaError: ``not_media``, ``no_video``, ``undecodable``, ``truncated``, ``too_long`` (8 hours),
        ``too_large`` (over 4096x2304)
    """
    return measure(path).probe


def measure(path: Path) -> Measured:
    """Return the probe of ``path`` with its keyframes; raises as :func:`probe`."""
    try:
        with av.open(str(path.absolute()), options=_OPTIONS) as container:
            return _measure(container)
    except av.FFmpegError as error:
        raise MediaError("这不是可以播放的视频文件，请重新选择 MP4 等视频。", "not_media") from error
    except OSError as error:
        raise MediaError("视频文件无法读取，请重新上传。", "unreadable") from error


def _measure(container: InputContainer) -> Measured:
    if not container.streams.video:
        raise MediaError("文件里没有视频画面，请上传带画面的视频。", "no_video")
    stream = container.streams.video[0]
    width, height = stream.width, stream.height
    if width * height > MAX_PIXELS:
        raise MediaError("视频画面过大，请转为 4K 以下再上传。", "too_large")
    duration_ms, keyframes = _packets(container, stream)
    declared_ms = (container.duration or 0) // 1000
    _check_duration(duration_ms, declared_ms)
    _decode_first(container, stream)
    sound = container.streams.audio[0].codec_context.codec.canonical_name if container.streams.audio else None
    codec, pixels = stream.codec_context.codec.canonical_name, stream.codec_context.pix_fmt or ""
    found = Probe(duration_ms, width, height, float(stream.average_rate or 0), codec, sound)
    return Measured(found, pixels, keyframes)


def _packets(container: InputContainer, stream: VideoStream) -> tuple[int, tuple[int, ...]]:
    """Return the span of all packets and the keyframe times from its start, in ms."""
    first: int | None = None
    last = 0
    keys: list[int] = []
    for packet in container.demux(stream):
        if packet.pts is None:
            continue
        first = packet.pts if first is None else min(first, packet.pts)
        last = max(last, packet.pts + (packet.duration or 0))
        if packet.is_keyframe:
            keys.append(packet.pts)
    if first is None or stream.time_base is None:
        raise MediaError("视频里没有画面数据，请重新导出后上传。", "undecodable")
    tick = stream.time_base * 1000
    return round((last - first) * tick), tuple(round((key - first) * tick) for key in keys)


def _check_duration(duration_ms: int, declared_ms: int) -> None:
    if duration_ms <= 0:
        raise MediaError("视频里没有画面数据，请重新导出后上传。", "undecodable")
    if duration_ms > MAX_DURATION_MS:
        raise MediaError("单个文件不能超过 8 小时，请拆分后上传。", "too_long")
    if declared_ms - duration_ms > max(_TRUNCATED_SLACK_MS, declared_ms // 50):
        raise MediaError("文件不完整（传输或导出时被截断），请重新导出后上传。", "truncated")


def _decode_first(container: InputContainer, stream: VideoStream) -> None:
    try:
        container.seek(0)
        frame = next(container.decode(stream), None)
    except av.FFmpegError as error:
        raise MediaError("视频画面无法解码，请重新导出后上传。", "undecodable") from error
    if frame is None:
        raise MediaError("视频画面无法解码，请重新导出后上传。", "undecodable")
