"""One question to a system we sign people in by: over HTTPS, to a host written down here, within seconds, no redirects followed."""

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from apps.people.ports import SsoDown

TIMEOUT_S = 6.0
_MOST = 128 * 1024
HOSTS = frozenset({"qyapi.weixin.qq.com", "api.dingtalk.com", "open.feishu.cn"})
"""Whom the server itself speaks to. Pages for the browser live elsewhere; we only write their address."""


class Line:
    """The way to one host. ``base`` is ``https://`` and one of ``HOSTS``; tests name a server on the loopback address."""

    def __init__(self, base: str, *, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(base)
        is_trial = parts.scheme == "http" and parts.hostname == "127.0.0.1"
        if not is_trial and not (parts.scheme == "https" and parts.hostname in HOSTS and parts.port is None):
            raise ValueError("the host is not one of those we sign in by")
        self._parts, self._timeout_s = parts, timeout_s

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """Send one request and return the status below 500 and the JSON object of the answer.

        :raises SsoDown: time-out, no connection, 429, 5xx, a redirect, or no JSON object; never carries what was sent
        """
        target = path + (f"?{urlencode(query)}" if query else "")
        content = json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json; charset=utf-8"} if content is not None else {}
        try:
            link = self._connection()
            try:
                link.request(method, target, body=content, headers={**sent, **(headers or {})})
                answer = link.getresponse()
                said = answer.read(_MOST)
            finally:
                link.close()
        except (OSError, http.client.HTTPException) as error:
            raise SsoDown(type(error).__name__) from None
        if answer.status >= 500 or answer.status == 429 or 300 <= answer.status < 400:
            raise SsoDown(f"HTTP {answer.status}")
        return answer.status, _object(said)

    def _connection(self) -> http.client.HTTPConnection:
        host = self._parts.netloc
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, timeout=self._timeout_s)
        return http.client.HTTPSConnection(host, timeout=self._timeout_s, context=ssl.create_default_context())


def text(found: Mapping[str, Any], name: str) -> str:
    """Return a text of an answer; "" where it is missing or something else."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def mobile(value: str) -> str:
    """Return 11 digits of a number of the mainland, or "" for any other."""
    digits = value.strip().removeprefix("+86").removeprefix("86-").replace("-", "").replace(" ", "")
    return digits if len(digits) == 11 and digits.isascii() and digits.isdigit() and digits[0] == "1" else ""


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        raise SsoDown("no JSON") from None
    if not isinstance(found, dict):
        raise SsoDown("no JSON object")
    return found
