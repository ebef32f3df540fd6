"""The ClamAV plug against a server on loopback that speaks its protocol."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from infra.adapters.scan.clamd import ClamdScanner
from infra.adapters.scan.none import NoScanner

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """zINSTREAM: pieces with their lengths, an empty one at the end, then one answer."""

    most: ClassVar[int] = 4 << 20
    seen: ClassVar[list[int]] = []

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            self.seen.append(length)
            data += self.rfile.read(length)
            if len(data) > self.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0")


@pytest.fixture
def clamd() -> Iterator[ClamdScanner]:
    Clamd.seen.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield ClamdScanner(f"clamd://127.0.0.1:{server.server_address[1]}", timeout_s=5)
        server.shutdown()


def test_a_clean_file_is_sent_in_pieces_and_passes(clamd: ClamdScanner) -> None:
    verdict = clamd.scan(io.BytesIO(bytes(1_000_000)))
    assert (verdict.scanned, verdict.virus) == (True, "")
    assert max(Clamd.seen) <= 256 * 1024
    assert sum(Clamd.seen) == 1_000_000


def test_a_virus_is_named(clamd: ClamdScanner) -> None:
    assert clamd.scan(io.BytesIO(bytes(300_000) + EICAR)).virus == "Eicar-Test-Signature"


def test_a_file_beyond_the_scanners_limit_is_not_called_clean(clamd: ClamdScanner) -> None:
    with pytest.raises(OSError, match=r"did not judge|reset|refused"):
        clamd.scan(io.BytesIO(bytes(6 << 20)))


def test_a_scanner_that_is_not_there_is_not_called_clean() -> None:
    with pytest.raises(OSError, match=r"did not judge|reset|refused"):
        ClamdScanner("clamd://127.0.0.1:1", timeout_s=1).scan(io.BytesIO(b"x"))


@pytest.mark.parametrize("url", ["http://host:3310", "clamd://", "host:3310"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SCANNER_URL"):
        ClamdScanner(url)


def test_without_a_scanner_nothing_is_called_scanned() -> None:
    assert not NoScanner().scan(io.BytesIO(EICAR)).scanned
