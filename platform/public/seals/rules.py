"""Where heads lie, how long, and how the leaves of a head are packed."""

import hashlib
import re
import struct
from collections.abc import Iterator, Sequence
from datetime import timedelta

KEPT = timedelta(days=5 * 366)
"""How long the store keeps a copy from everybody: past every period of clause 四.6 whichever way it is read (36 months, and records that
stand at its end)."""
_NOTE = re.compile(r"([0-9]{14})\.note")
_LEAF = struct.Struct(">q32s")


def folder(schema: str) -> str:
    """Return the folder of one enterprise's heads, below the platform's."""
    return f"seals/{schema}"


def note_key(schema: str, size: int) -> str:
    """Return the key of a head's note; keys sort by size."""
    return f"{folder(schema)}/{size:014d}.note"


def size_of(name: str) -> int | None:
    """Return the size of the head whose note has this name in its folder, None where no note of ours is called so."""
    found = _NOTE.fullmatch(name)
    return int(found[1]) if found else None


def leaves_key(schema: str, size: int) -> str:
    """Return the key of the leaves that a head added."""
    return f"{folder(schema)}/{size:014d}.leaves"


def log_key(size: int) -> str:
    """Return the key of a note of the log of heads."""
    return f"seals/log/{size:014d}.note"


def pack(leaves: Sequence[tuple[int, bytes]]) -> bytes:
    """Return (entry id, leaf hash) pairs as 40 bytes each."""
    return b"".join(_LEAF.pack(entry, leaf) for entry, leaf in leaves)


def unpack(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what :func:`pack` wrote.

    :raises struct.error: it is no whole number of leaves
    """
    return _LEAF.iter_unpack(data)


def digest(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
