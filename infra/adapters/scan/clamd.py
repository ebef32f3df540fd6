"""ClamAV's daemon: the file is streamed to it in pieces (INSTREAM), nothing is kept in memory."""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from public.uploads.ports import Verdict

_PIECE: Final = 256 * 1024
_ANSWER: Final = 4096
_FOUND = re.compile(r"^stream: (?P<virus>.{1,200}) FOUND$")


class ClamdScanner:
    """Asks one clamd. Its `StreamMaxLength` must not be below the largest upload, or large files stay CHECKING."""

    is_real = True

    def __init__(self, url: str, *, timeout_s: float = 60.0) -> None:
        """Take ``clamd://host:port`` or ``clamd:///path/of/socket``.

        :raises ValueError: another kind of address
        """
        parts = urlsplit(url)
        if parts.scheme != "clamd" or not (parts.hostname or parts.path):
            raise ValueError("SCANNER_URL must be clamd://host:port or clamd:///path")
        self._path = "" if parts.hostname else unquote(parts.path)
        self._host, self._port, self._timeout_s = parts.hostname or "", parts.port or 3310, timeout_s

    def scan(self, stream: IO[bytes]) -> Verdict:
        """See :class:`public.uploads.ports.Scanner`."""
        with self._connected() as link:
            link.sendall(b"zINSTREAM\0")
            # It closes its ear when a limit is passed, and says so in its answer.
            with suppress(BrokenPipeError, ConnectionResetError):
                while piece := stream.read(_PIECE):
                    link.sendall(struct.pack("!I", len(piece)) + piece)
                link.sendall(struct.pack("!I", 0))
            return _verdict(_answer(link))

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self._path:
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.settimeout(self._timeout_s)
            link.connect(self._path)
        else:
            link = socket.create_connection((self._host, self._port), timeout=self._timeout_s)
        with link:
            yield link


def _answer(link: socket.socket) -> str:
    said = b""
    while len(said) < _ANSWER and not said.endswith(b"\0") and (piece := link.recv(_ANSWER)):
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _verdict(said: str) -> Verdict:
    if said == "stream: OK":
        return Verdict(scanned=True)
    if match := _FOUND.match(said):
        return Verdict(scanned=True, virus=match["virus"])
    raise OSError(f"the virus scanner did not judge: {said[:200]}")
