"""HLS playlists (RFC 8216) of films and sounds; every address in them belongs to the one who may ask."""

import math
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

_HEAD = ("#EXTM3U", "#EXT-X-VERSION:7")


def session_playlist(
    package: Mapping[str, Any],
    *,
    key_uri: Callable[[int], str],
    file_uri: Callable[[str], str],
    rendition_uri: Callable[[int], str],
) -> str:
    """Return what a player opens first: the list of renditions, or the only media playlist where there is one rendition.

    :param package: as `media.Playback` has it
    :param rendition_uri: address of the playlist of rendition n (from 0)
    """
    steps = package.get("renditions", ())
    if len(steps) < 2:
        return media_playlist(package, key_uri=key_uri, file_uri=file_uri)
    lines = [*_HEAD, "#EXT-X-INDEPENDENT-SEGMENTS"]
    for number, step in enumerate(steps):
        picture = f",RESOLUTION={step['width']}x{step['height']}" if step["width"] else ""
        lines.append(f'#EXT-X-STREAM-INF:BANDWIDTH={step["bandwidth"]},CODECS="{step["codecs"]}"{picture},NAME="{step["name"]}"')
        lines.append(rendition_uri(number))
    return "\n".join([*lines, ""])


def media_playlist(
    package: Mapping[str, Any], *, key_uri: Callable[[int], str], file_uri: Callable[[str], str], rendition: int | None = None
) -> str:
    """Return the playlist of one rendition, or of the package itself. Keys have the same numbers in all of them.

    :param key_uri: address of key number n
    :param file_uri: address of the init file or a segment
    :raises IndexError: there is no such rendition
    """
    step: Mapping[str, Any] = package if rendition is None else package.get("renditions", ())[rendition]
    segments = step["segments"]
    longest = max((segment["duration_ms"] for segment in segments), default=0)
    lines = [*_HEAD, f"#EXT-X-TARGETDURATION:{math.ceil(longest / 1000)}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"]
    # The init file is clear, so it stands before the first key.
    lines.append(f'#EXT-X-MAP:URI="{file_uri(step["init"])}"')
    for (key_no, iv), group in groupby(segments, key=lambda segment: (segment["key_no"], segment["iv"])):
        lines.append(f'#EXT-X-KEY:METHOD=AES-128,URI="{key_uri(key_no)}",IV=0x{iv}')
        for segment in group:
            lines += [f"#EXTINF:{segment['duration_ms'] / 1000:.3f},", file_uri(segment["file"])]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])
