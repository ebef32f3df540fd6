"""Pictures at the door: is each a small JPEG, before anything decodes it."""

import hashlib
import struct
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from apps.people.identity import rules
from infra.kit.errors import DomainError

_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that carry height and width (ITU T.81, table B.1)."""


def checked(frames: Sequence[bytes]) -> list[bytes]:
    """Return the frames.

    :raises DomainError: 422 ``frames_invalid``: none, too many, too large, or no JPEG of at most 2,000 px a side
    """
    if not 0 < len(frames) <= rules.MOST_FRAMES or not all(_fits(frame) for frame in frames):
        raise DomainError("frames_invalid", _("照片无法使用。请允许使用摄像头，重新拍摄一次。"), status=422)
    return list(frames)


def digest(frame: bytes) -> str:
    """Return the SHA-256 of one frame in hex."""
    return hashlib.sha256(frame).hexdigest()


def _fits(frame: bytes) -> bool:
    size = size_of(frame) if len(frame) <= rules.MOST_BYTES else None
    return size is not None and min(size) > 0 and max(size) <= rules.MOST_SIDE


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Return (width, height) from the header; None where it is no JPEG. A few bytes may claim gigabytes of picture."""
    if jpeg[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], struct.unpack_from("!H", jpeg, at + 2)[0]
        if marker in _SIZES:
            height, width = struct.unpack_from("!HH", jpeg, at + 5)
            return int(width), int(height)
        at += 2 + max(2, length)
    return None
