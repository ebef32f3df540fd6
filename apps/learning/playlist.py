"""The media playlist of one study session (RFC 8216): its keys have addresses that only this session may ask for."""

import math
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any


def playlist(package: Mapping[str, Any], *, key_uri: Callable[[int], str], file_uri: Callable[[str], str]) -> str:
    """Return the playlist text.

    :param package: ``{"init", "segments": [{"file", "duration_ms", "key_no", "iv"}]}`` as `catalogue.playback` gives it
    :param key_uri: address of key number n
    :param file_uri: address of the init file or a segment
    """
    segments = package["segments"]
    longest = max((segment["duration_ms"] for segment in segments), default=0)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{math.ceil(longest / 1000)}"]
    lines += ["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS"]
    # The init file is clear, so it stands before the first key.
    lines.append(f'#EXT-X-MAP:URI="{file_uri(package["init"])}"')
    for (key_no, iv), group in groupby(segments, key=lambda segment: (segment["key_no"], segment["iv"])):
        lines.append(f'#EXT-X-KEY:METHOD=AES-128,URI="{key_uri(key_no)}",IV=0x{iv}')
        for segment in group:
            lines += [f"#EXTINF:{segment['duration_ms'] / 1000:.3f},", file_uri(segment["file"])]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])
