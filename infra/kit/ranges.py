"""The `Range` header of HTTP, RFC 9110 section 14."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"\s*(\d*)\s*-\s*(\d*)\s*")
_LONGEST = 18
"""Digits of a number we read; more is nonsense, and Python refuses to read thousands of them."""


class Unsatisfiable(ValueError):
    """None of the bytes asked for exist, or the header is no range at all: answered with 416."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes ``start`` to ``last``, both included, of a file of ``size`` bytes."""

    start: int
    last: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.start + 1

    @property
    def content_range(self) -> str:
        """The `Content-Range` header of the answer."""
        return f"bytes {self.start}-{self.last}/{self.size}"


def parse(header: str, size: int) -> ByteRange | None:
    """Return the one range asked for, or None when the whole file is the answer.

    Whole: no header, a unit other than bytes (must be ignored), or several ranges (may be ignored: no player asks for them,
    and answering many overlapping ones is a known way to wear a server out).

    :param size: of the file, in bytes
    :raises Unsatisfiable: not a range, or beyond the end
    """
    unit, equals, ranges = header.partition("=")
    if not equals or unit.strip().lower() != "bytes" or "," in ranges:
        return None
    found = _ONE.fullmatch(ranges)
    if found is None or found.groups() == ("", "") or max(map(len, found.groups())) > _LONGEST:
        raise Unsatisfiable(header)
    first, last = found.groups()
    if not first:
        return _checked(max(0, size - int(last)), size - 1, size)
    return _checked(int(first), min(int(last), size - 1) if last else size - 1, size)


def _checked(start: int, last: int, size: int) -> ByteRange:
    if start > last:
        raise Unsatisfiable(f"{start}-{last}/{size}")
    return ByteRange(start, last, size)
