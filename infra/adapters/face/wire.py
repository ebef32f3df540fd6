"""One signed question to a vendor over HTTPS, and one meaning for everything that is no answer."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from apps.people.ports import AuthorityDown

TIMEOUT_S = 8.0
_MOST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """What ``FACE_AUTHORITY_URL`` says: ``vendor://KEY:SECRET@host?scene=…``; ``scheme=http`` only for trials on this machine."""

    vendor: str
    key: str
    secret: str
    host: str
    options: Mapping[str, str]


def account(url: str) -> Account:
    """Read the setting.

    :raises ValueError: not of that form
    """
    parts = urlsplit(url)
    if not (parts.scheme and parts.hostname and parts.username and parts.password):
        raise ValueError("FACE_AUTHORITY_URL must be aliyun://KEY:SECRET@host?scene=… or tencent://ID:KEY@host")
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return Account(parts.scheme, unquote(parts.username), unquote(parts.password), host, dict(parse_qsl(parts.query)))


def post(who: Account, path: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> dict[str, Any]:
    """Send one POST and return the JSON object of the answer, whatever its status below 500 and 429.

    :raises AuthorityDown: time-out, no connection, 429, 5xx, or no JSON object; never carries what was sent
    """
    try:
        link = _connection(who, timeout_s)
        try:
            link.request("POST", path, body=body, headers=dict(headers))
            answer = link.getresponse()
            said = answer.read(_MOST)
        finally:
            link.close()
    except (OSError, http.client.HTTPException) as error:
        raise AuthorityDown(type(error).__name__) from None
    if answer.status >= 500 or answer.status == 429:
        raise AuthorityDown(f"HTTP {answer.status}")
    try:
        found = json.loads(said)
    except ValueError:
        raise AuthorityDown("no JSON") from None
    if not isinstance(found, dict):
        raise AuthorityDown("no JSON object")
    return found


def _connection(who: Account, timeout_s: float) -> http.client.HTTPConnection:
    if who.options.get("scheme") == "http":
        return http.client.HTTPConnection(who.host, timeout=timeout_s)
    return http.client.HTTPSConnection(who.host, timeout=timeout_s, context=ssl.create_default_context())
