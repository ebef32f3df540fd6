"""What every object store can do, and what it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """One file at rest: size in bytes, a strong quoted entity tag, aware time of its last change."""

    name: str
    size: int
    etag: str
    modified: datetime


class Readable(Protocol):
    """An open file, here or behind a network."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes."""

    def close(self) -> object:
        """Let go of it."""


class Chunks:
    """``length`` bytes of an open file, 64 KiB at a time; closes the file with the response."""

    def __init__(self, file: Readable, length: int) -> None:
        self._file, self._left = file, length

    def __iter__(self) -> Self:
        """Iterate once."""
        return self

    def __next__(self) -> bytes:
        """Return the next chunk.

        :raises EOFError: the file is shorter than promised; the server then breaks the connection, as it must
        """
        if self._left <= 0:
            self.close()
            raise StopIteration
        chunk = self._file.read(min(CHUNK_BYTES, self._left))
        if not chunk:
            raise EOFError("the stored file is shorter than it was")
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Close the file; safe to repeat."""
        self._file.close()


class ObjectStore(Protocol):
    """A Django storage that also knows bytes and addresses. Names are full storage names.

    Every method raises `tenants.storage.ForeignFile` for a file of another place, `NoScope` nowhere, and
    `tenants.errors.Unavailable` when the store does not answer.
    """

    direct_origin: str
    """Origin (``https://host``) from which browsers fetch files themselves; empty: everything passes through us."""

    def stat(self, name: str) -> Stored:
        """Return what is known of a file; raises FileNotFoundError."""

    def stream(self, file: Stored, start: int, length: int) -> Iterable[bytes]:
        """Return ``length`` bytes from ``start`` on; raises FileNotFoundError when the file has changed since."""

    def address(self, name: str, *, seconds: int) -> str:
        """Return an address from which anybody may GET the file for ``seconds``; empty where there is none."""

    def replace(self, name: str, content: bytes) -> None:
        """Put other bytes in a file's place, whole or not at all; who reads it meanwhile gets the old ones to the end.

        Raises FileNotFoundError where there is no such file.
        """

    def put_once(self, name: str, content: bytes, *, until: datetime) -> bool:
        """Write a file that is never to change; raises FileExistsError where there is one already.

        Says whether the store itself keeps it from everybody until ``until`` (object lock); where it cannot, the file is written all the same.
        """
