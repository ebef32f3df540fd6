"""One call to an authority's system: over HTTPS, to an address that was looked up once and judged, within seconds, no redirects followed."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from apps.people.ports import SsoDown, SsoRefused
from infra.adapters.directory.addresses import Network, resolved
from public.regulators.ports import NotCarried

TIMEOUT_S: Final = 15.0
MOST_BYTES: Final = 4 * 1024 * 1024
_TIMEOUTS: Final = 4


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: status below 500 and not a redirect, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Wire:
    """The way out. ``may_try_here``: plain HTTP to 127.0.0.1 is allowed; never in production."""

    allowed: Sequence[Network] = ()
    may_try_here: bool = False
    timeout_s: float = TIMEOUT_S

    def post(self, address: str, body: bytes, headers: Mapping[str, str], *, reads_500: bool = False) -> Said:
        """Send one POST and return the answer.

        :param reads_500: a 500 is an answer too: SOAP's faults come so

        :raises NotCarried: ``address_refused``, ``no_such_host``, ``no_connection``, ``http_5xx``, ``busy``, ``redirect``, ``too_large``
        """
        parts = urlsplit(address)
        try:
            link = self._link(parts.scheme, parts.hostname or "", parts.port)
            ends = time.monotonic() + _TIMEOUTS * self.timeout_s
            watch = threading.Timer(_TIMEOUTS * self.timeout_s, _cut, [link])
            watch.daemon = True
            watch.start()
            try:
                link.request("POST", parts.path or "/", body=body, headers=dict(headers))
                reply = link.getresponse()
                said = self._body(reply, ends)
            finally:
                watch.cancel()
                link.close()
        except (OSError, http.client.HTTPException) as error:
            raise NotCarried("no_connection", is_down=True) from error
        return _judged(reply, said, reads_500=reads_500)

    def _body(self, reply: http.client.HTTPResponse, ends: float) -> bytes:
        """Read an answer. A call takes a few time-outs in all: one that trickles must not keep a worker, nor outlive its lease."""
        said = b""
        while time.monotonic() <= ends:
            if len(said) > MOST_BYTES or not (some := reply.read1(64 * 1024)):
                return said
            said += some
        raise TimeoutError

    def _link(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            if not (self.may_try_here and host == "127.0.0.1"):
                raise NotCarried("address_refused", is_down=True)
            return http.client.HTTPConnection(host, port or 80, timeout=self.timeout_s)
        where = self.resolve(host, port or 443)
        return _Pinned(host, port or 443, where, self.timeout_s)

    def resolve(self, host: str, port: int) -> str:
        """Return the address to connect to.

        :raises NotCarried: ``address_refused``: it leads into networks that nobody named; ``no_such_host``
        """
        try:
            return resolved(host, port, allowed=self.allowed)
        except SsoRefused as error:
            raise NotCarried("address_refused", is_down=True) from error
        except SsoDown as error:
            raise NotCarried("no_such_host", is_down=True) from error


def _cut(link: http.client.HTTPConnection) -> None:
    """End a call whose greeting or headers come a letter at a time: each letter would begin the time-out anew."""
    line = link.sock
    if line is not None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was judged, and checks the certificate for the host's name."""

    def __init__(self, host: str, port: int, where: str, timeout_s: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout_s, context=self._tls)
        self._where = where

    def connect(self) -> None:
        """Open the connection."""
        plain = socket.create_connection((self._where, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


def _judged(reply: http.client.HTTPResponse, body: bytes, *, reads_500: bool) -> Said:
    status = reply.status
    if status in {429, 503}:
        raise NotCarried("busy", is_down=True, after_s=_seconds(reply.getheader("Retry-After")))
    if status > 500 or (status == 500 and not reads_500):
        raise NotCarried("http_5xx", is_down=True)
    if 300 <= status < 400:
        raise NotCarried("redirect", is_down=True)
    if len(body) > MOST_BYTES:
        raise NotCarried("too_large", is_down=True)
    return Said(status, dict(reply.getheaders()), body)


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
