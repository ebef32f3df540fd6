"""Signed requests and answers: who, when, once, and over which bytes (clause 五.6).

What is signed, line by line, each ended by a line feed::

    METHOD · PATH · SORTED QUERY · ACCESS KEY · TIMESTAMP · NONCE · DIGEST OF THE BODY

An answer is signed likewise: ``ANSWER``, HTTP status, "", access key, timestamp, the nonce of its request, digest; so no answer fits another request.
Over SOAP the method is ``SOAP`` and the path the operation. The digest is SM3, or SHA-256 of the international suite, in lower hex.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote

from infra.kit.exchange import suites
from infra.kit.exchange.suites import Keys, Suite

WINDOW = timedelta(seconds=300)
"""A message of the past or the future by more than this is refused; nonces are remembered for twice as long."""
HEADERS = {
    "key": "X-Exchange-Key",
    "timestamp": "X-Exchange-Timestamp",
    "nonce": "X-Exchange-Nonce",
    "sign_type": "X-Exchange-Sign-Type",
    "signature": "X-Exchange-Signature",
}
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_KEY = re.compile(r"[0-9A-Za-z_-]{4,40}")


class Refused(ValueError):
    """A stamp that is none, is too old, or does not fit. ``code``: ``stamp_missing``, ``clock_skew`` or ``bad_signature``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands beside a message."""

    key: str
    timestamp: str
    nonce: str
    sign_type: str
    signature: str

    def headers(self) -> dict[str, str]:
        """Return it as HTTP headers."""
        return {header: getattr(self, name) for name, header in HEADERS.items()}


def sorted_query(query: str) -> str:
    """Return a query in one form: pairs by name and value, percent-encoded as RFC 3986 asks."""
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)


def text(*, method: str, path: str, query: str, key: str, timestamp: str, nonce: str, digest: str) -> bytes:
    """Return the bytes that are signed."""
    return "".join(f"{part}\n" for part in (method, path, sorted_query(query), key, timestamp, nonce, digest)).encode()


def stamp(
    keys: Keys, *, method: str, path: str, query: str = "", key: str, body: bytes, nonce: str, at: datetime, timestamp: str = ""
) -> Stamp:
    """Sign one message.

    :param at: aware; written with its own offset and seconds
    """
    when = timestamp or at.isoformat(timespec="seconds")
    said = text(
        method=method,
        path=path,
        query=query,
        key=key,
        timestamp=when,
        nonce=nonce,
        digest=suites.digest(keys.suite, body),
    )
    return Stamp(key, when, nonce, keys.suite.value, base64.b64encode(suites.sign(keys, said)).decode())


def read(values: Mapping[str, str]) -> Stamp:
    """Return the stamp in HTTP headers, by their names.

    :raises Refused: ``stamp_missing``: one of them is missing or has a wrong shape
    """
    found = Stamp(**{name: values.get(header, "").strip() for name, header in HEADERS.items()})
    return checked(found)


def checked(found: Stamp) -> Stamp:
    """Return a stamp whose parts have the right shape.

    :raises Refused: ``stamp_missing``
    """
    shaped = _KEY.fullmatch(found.key) and _NONCE.fullmatch(found.nonce) and len(found.signature) <= 400
    if not shaped or not found.signature or found.sign_type not in set(Suite) or len(found.timestamp) > 40:
        raise Refused("stamp_missing")
    return found


def check(
    keys: Keys,
    found: Stamp,
    *,
    method: str,
    path: str,
    query: str = "",
    body: bytes,
    at: datetime,
    window: timedelta = WINDOW,
) -> None:
    """Let a message pass that the other side signed within the window. Whether its nonce is new is the caller's to ask.

    :raises Refused: ``clock_skew``, ``bad_signature``
    """
    if abs(moment(found.timestamp) - at) > window:
        raise Refused("clock_skew")
    said = text(
        method=method,
        path=path,
        query=query,
        key=found.key,
        timestamp=found.timestamp,
        nonce=found.nonce,
        digest=suites.digest(keys.suite, body),
    )
    try:
        signature = base64.b64decode(found.signature, validate=True)
    except ValueError as error:
        raise Refused("bad_signature") from error
    if found.sign_type != keys.suite.value or not suites.verify(keys, said, signature):
        raise Refused("bad_signature")


def moment(timestamp: str) -> datetime:
    """Return an aware time.

    :raises Refused: ``clock_skew``: it is none, or does not name its offset
    """
    try:
        found = datetime.fromisoformat(timestamp)
    except ValueError as error:
        raise Refused("clock_skew") from error
    if found.tzinfo is None:
        raise Refused("clock_skew")
    return found
