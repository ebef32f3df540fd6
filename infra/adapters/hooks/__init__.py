"""Plug that carries messages to addresses of enterprises' choice: HTTPS to the internet, and to nothing of ours.

The name is looked up once, and what was looked up is connected to; the certificate must be the host's. No redirect is followed, no cookie
kept, of an answer the body is not read, and neither address nor message reaches a log.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from apps.openapi.hooks.ports import Answer, NotReached
from infra.adapters import reach
from infra.adapters.reach import Address, Network

TIMEOUT_S = 8.0
_PORTS = {"https": 443, "http": 80}


class HttpCarrier:
    """Fills `apps.openapi.hooks.ports.CARRIER`.

    :param allowed: networks besides the internet that may be asked, there over plain HTTP too
    """

    def __init__(self, *, allowed: Sequence[Network] = (), timeout_s: float = TIMEOUT_S) -> None:
        self._allowed, self._timeout_s = allowed, timeout_s
        self._context = ssl.create_default_context()

    def refuses(self, url: str) -> str:
        """See :class:`apps.openapi.hooks.ports.Carrier`. Looks at the address alone; where its name leads is seen with each try."""
        parts = _split(url)
        if parts is None or not url.isascii() or parts.fragment or parts.username is not None or parts.password is not None:
            return "scheme"
        literal = _literal(parts.hostname or "")
        if literal is not None and not reach.is_open(literal, self._allowed):
            return "address"
        if parts.scheme == "http" and not self._is_named(parts.hostname or "", literal):
            return "scheme"
        port = _port(parts)
        return "" if port in {80, 443} or 1024 <= port <= 65535 else "port"

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """See :class:`apps.openapi.hooks.ports.Carrier`."""
        parts = _split(url)
        if parts is None or self.refuses(url):
            raise NotReached("forbidden_address")
        begun = time.monotonic()
        try:
            status, after_s = self._ask(parts, body, headers)
        except NotReached as error:
            raise NotReached(error.code, took_ms=_since(begun)) from None
        return Answer(status, _since(begun), after_s)

    def _ask(self, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> tuple[int, int]:
        address = self._found(parts)
        link = self._opened(parts, address)
        is_cut = threading.Event()
        watch = threading.Timer(self._timeout_s * 2, _cut, [link.sock, is_cut])
        watch.daemon = True
        watch.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            link.request("POST", path, body=body, headers=dict(headers))
            reply = link.getresponse()
            return reply.status, _seconds(reply.getheader("Retry-After"))
        except TimeoutError:
            raise NotReached("timeout") from None
        except (http.client.HTTPException, OSError, ValueError) as error:
            if is_cut.is_set():
                raise NotReached("timeout") from None
            is_heard = isinstance(error, http.client.HTTPException)
            raise NotReached("bad_answer" if is_heard else "connection") from None
        finally:
            watch.cancel()
            link.close()

    def _found(self, parts: SplitResult) -> Address:
        try:
            address = reach.resolved(parts.hostname or "", _port(parts), allowed=self._allowed)
        except reach.NoHost:
            raise NotReached("no_host") from None
        except reach.Forbidden:
            raise NotReached("forbidden_address") from None
        if parts.scheme == "http" and not reach.is_named(address, self._allowed):
            raise NotReached("forbidden_address")
        return address

    def _opened(self, parts: SplitResult, address: Address) -> http.client.HTTPConnection:
        host, port = parts.hostname or "", _port(parts)
        link = http.client.HTTPConnection(host, port, timeout=self._timeout_s)
        try:
            raw = socket.create_connection((str(address), port), timeout=self._timeout_s)
        except TimeoutError:
            raise NotReached("timeout") from None
        except OSError:
            raise NotReached("connection") from None
        try:
            link.sock = self._context.wrap_socket(raw, server_hostname=host) if parts.scheme == "https" else raw
        except ssl.SSLCertVerificationError:
            raw.close()
            raise NotReached("certificate") from None
        except TimeoutError:
            raw.close()
            raise NotReached("timeout") from None
        except OSError:
            raw.close()
            raise NotReached("connection") from None
        return link

    def _is_named(self, host: str, literal: Address | None) -> bool:
        """Plain HTTP only into networks that the operator has named; a name is looked at when it is asked."""
        return bool(self._allowed) and (literal is None or reach.is_named(literal, self._allowed))


def _cut(line: socket.socket, is_cut: threading.Event) -> None:
    """End a line on which the other side answers a letter at a time: each letter would begin the time-out anew."""
    is_cut.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname and not set(url) & set(" \t\r\n\\") else None


def _port(parts: SplitResult) -> int:
    return parts.port if parts.port is not None else _PORTS[parts.scheme]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def _seconds(said: str | None) -> int:
    """Read ``Retry-After``; dates, which are rare, count as nothing."""
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 7 else 0
