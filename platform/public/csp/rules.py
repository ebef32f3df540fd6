"""From what a browser sends to what we keep."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

KINDS_PER_DAY = 500
"""Rows a day; what comes after is counted in one row, so that nobody can fill the table with inventions."""
MOST_AT_ONCE = 10
_DIRECTIVES = frozenset(
    "default-src script-src script-src-elem script-src-attr style-src style-src-elem style-src-attr img-src font-src media-src "
    "connect-src worker-src child-src frame-src manifest-src object-src base-uri form-action frame-ancestors prefetch-src".split()
)
_WORD = re.compile(r"[a-z][a-z-]{1,29}")
_HOST = re.compile(r"([a-z0-9._-]{1,150}|\[[0-9a-f:]{2,45}\])(:\d{1,5})?")
_WEB = {"http", "https", "ws", "wss"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of thing that a browser refused."""

    directive: str
    blocked: str
    page: str


def read(told: Any, *, host: str, pattern: Callable[[str], str]) -> list[Refusal]:
    """Return what a report says, in the order told; what is not about our own pages, or is nonsense, is left out.

    :param told: decoded JSON: ``{"csp-report": {…}}`` (CSP 2) or ``[{"type": "csp-violation", "body": {…}}, …]`` (Reporting API)
    :param host: host and port that the report was sent to
    :param pattern: from the path of a page to the pattern of its address
    """
    if isinstance(told, dict):
        bodies = [told.get("csp-report")]
    elif isinstance(told, list):
        bodies = [row.get("body") for row in told[:MOST_AT_ONCE] if isinstance(row, dict) and row.get("type") == "csp-violation"]
    else:
        bodies = []
    found = [_refusal(body, host, pattern) for body in bodies if isinstance(body, dict)]
    return [refusal for refusal in found if refusal]


def _refusal(body: dict[str, Any], host: str, pattern: Callable[[str], str]) -> Refusal | None:
    words = (_text(body, "effective-directive", "effectiveDirective") or _text(body, "violated-directive")).split()
    page = _split(_text(body, "document-uri", "documentURL"))
    if not words or words[0] not in _DIRECTIVES or page is None or page.netloc.lower() != host.lower():
        return None
    return Refusal(words[0], _blocked(_text(body, "blocked-uri", "blockedURL")), pattern(page.path))


def _text(body: dict[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := body.get(name), str)), "")


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _blocked(address: str) -> str:
    """Return an origin or a word. An empty address is how older browsers say ``inline``."""
    parts = _split(address)
    if parts is None:
        return "other"
    if parts.scheme in _WEB:
        host = parts.netloc.rpartition("@")[2].lower()
        return f"{parts.scheme}://{host}" if _HOST.fullmatch(host) else "other"
    word = parts.scheme if parts.scheme else address.lower() or "inline"
    return word if _WORD.fullmatch(word) else "other"
