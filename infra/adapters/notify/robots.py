"""Robots of WeCom and DingTalk group chats: webhooks as their makers document them.

WeCom: https://developer.work.weixin.qq.com/document/path/91770 · DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access

We connect to two addresses and no other: of what a manager pastes only the key is kept (no request forgery from our side). Redirects are
not followed. What is sent, and the key, never reach a log.
"""

import base64
import hashlib
import hmac
import http.client
import json
import re
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

from apps.people.ports import NotSent, RobotKey
from infra.kit import clock

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
DINGTALK = "https://oapi.dingtalk.com/robot/send"
_PARAMETER = {"WECOM": "key", "DINGTALK": "access_token"}
_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,128}")
_TIMEOUT_S = 8.0
_MOST = 64 * 1024
_LONGEST = 1200
"""Characters of a message: WeCom takes 4,096 bytes of markdown, three for a Chinese character."""
_GONE = {93000, 93004, 93008, 300005, 400013, 400101, 400102, 400106}
"""WeCom: key unknown, robot stopped, not in the group. DingTalk: group dissolved, token unknown, robot stopped, robot not there."""
_BUSY = {45009, 130101, 410100}
_DOWN = {-1}


class WebhookRobots:
    """Posts to the vendors; ``endpoints`` differ only where a company runs the vendor's product itself, and in tests."""

    def __init__(self, endpoints: Mapping[str, str], *, timeout_s: float = _TIMEOUT_S) -> None:
        self._endpoints = {"WECOM": WECOM, "DINGTALK": DINGTALK, **{name: url for name, url in endpoints.items() if url}}
        self._timeout_s = timeout_s

    def key_of(self, vendor: str, address: str) -> str | None:
        """See :class:`apps.people.ports.RobotPoster`. Scheme, host, port and path must be the vendor's, exactly."""
        expected = urlsplit(self._endpoints[vendor])
        try:
            parts = urlsplit(address.strip())
            same = (parts.scheme, parts.netloc, parts.path) == (expected.scheme, expected.netloc, expected.path)
            given = parse_qs(parts.query).get(_PARAMETER[vendor], [])
        except ValueError:
            return None
        return given[0] if same and len(given) == 1 and _TOKEN.fullmatch(given[0]) else None

    def post(self, key: RobotKey, *, title: str, text: str, url: str) -> None:
        """See :class:`apps.people.ports.RobotPoster`."""
        query = f"{_PARAMETER[key.vendor]}={quote_plus(key.token)}"
        if key.vendor == "DINGTALK" and key.secret:
            query += signed(key.secret, int(clock.now().timestamp() * 1000))
        said = _markdown(title, text, url)
        content = {"content": said} if key.vendor == "WECOM" else {"title": title[:60], "text": said}
        answer = self._ask(self._endpoints[key.vendor], query, {"msgtype": "markdown", "markdown": content})
        if (code := answer.get("errcode")) != 0:
            raise _meaning(code)

    def _ask(self, endpoint: str, query: str, body: dict[str, Any]) -> dict[str, Any]:
        parts = urlsplit(endpoint)
        try:
            link = _connection(parts.scheme, parts.netloc, self._timeout_s)
            try:
                headers = {"Content-Type": "application/json; charset=utf-8"}
                link.request("POST", f"{parts.path}?{query}", body=json.dumps(body, ensure_ascii=False).encode(), headers=headers)
                reply = link.getresponse()
                said = reply.read(_MOST)
            finally:
                link.close()
        except (OSError, http.client.HTTPException):
            raise NotSent("robot_down", again=True) from None
        if reply.status == 429:
            raise NotSent("robot_busy", again=True, after_s=600)
        if reply.status != 200:
            raise NotSent("robot_down" if reply.status >= 500 else "robot_refused", again=reply.status >= 500)
        return _object(said)


def signed(secret: str, at_ms: int) -> str:
    """Return ``&timestamp=…&sign=…``: HMAC-SHA256 over "timestamp, newline, secret" with the secret, Base64, for a URL."""
    mac = hmac.new(secret.encode(), f"{at_ms}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={at_ms}&sign={quote_plus(base64.b64encode(mac))}"


def _markdown(title: str, text: str, url: str) -> str:
    """Return the message; what comes from people cannot become a link or a mention of its own."""
    quiet = [re.sub(r"[\[\]<>`*#@]", " ", part)[:_LONGEST] for part in (title, text)]
    return "\n\n".join(filter(None, [f"**{quiet[0]}**", quiet[1], f"[查看详情]({url})"]))


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        raise NotSent("robot_down", again=True) from None
    if not isinstance(found, dict):
        raise NotSent("robot_down", again=True)
    return found


def _meaning(code: object) -> NotSent:
    """Read an error code. DingTalk's 310000 is its security settings: key word, signature or address."""
    if code in _BUSY:
        return NotSent("robot_busy", again=True, after_s=600)
    if code in _GONE:
        return NotSent("robot_gone", again=False)
    if code == 310000:
        return NotSent("robot_signature", again=False)
    if code in _DOWN:
        return NotSent("robot_down", again=True)
    return NotSent("robot_refused", again=False)


def _connection(scheme: str, host: str, timeout_s: float) -> http.client.HTTPConnection:
    if scheme == "http":  # only where the settings say so: trials on this machine
        return http.client.HTTPConnection(host, timeout=timeout_s)
    return http.client.HTTPSConnection(host, timeout=timeout_s, context=ssl.create_default_context())
