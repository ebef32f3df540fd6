"""Two group chats on this machine, one of WeCom and one of DingTalk: they read the documents of their makers and answer as those do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "k" * 36
SECRET = "SEC0123456789+/="
ERRORS = {
    ("WECOM", "gone"): (93000, "invalid webhook url, hint: [1], from ip: 127.0.0.1"),
    ("WECOM", "busy"): (45009, "api freq out of limit"),
    ("WECOM", "refused"): (40058, "markdown.content exceed max length 4096"),
    ("DINGTALK", "gone"): (300005, "token is not exist"),
    ("DINGTALK", "busy"): (130101, "send too fast, exceed 20 times per minute"),
    ("DINGTALK", "refused"): (400105, "unsupported message type"),
    ("DINGTALK", "words"): (310000, "keywords not in content"),
}


@dataclass
class Chat:
    """``mood``: well, gone, busy, refused, words, broken, silent, nonsense, away (a redirect to somewhere else)."""

    port: int = 0
    mood: str = "well"
    signs: bool = False
    posts: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0

    @property
    def endpoints(self) -> dict[str, str]:
        """Where the vendors are reached."""
        here = f"http://127.0.0.1:{self.port}"
        return {"WECOM": f"{here}/cgi-bin/webhook/send", "DINGTALK": f"{here}/robot/send"}


@contextmanager
def group_chat() -> Iterator[Chat]:
    """Run both until the block ends."""
    state = Chat()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mood = self.state.mood
        self.state.asked += 1
        if mood == "silent":
            time.sleep(0.6)
        if mood == "broken":
            self._send(503, b"{}")
        elif mood == "nonsense":
            self._send(200, b"<html>")
        elif mood == "away":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.state.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            code, words = self._judge(body)
            self._send(200, json.dumps({"errcode": code, "errmsg": words}).encode())

    def _judge(self, body: bytes) -> tuple[int, str]:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        vendor = {"/cgi-bin/webhook/send": "WECOM", "/robot/send": "DINGTALK"}[parts.path]
        if (vendor, self.state.mood) in ERRORS:
            return ERRORS[vendor, self.state.mood]
        if query.get("key" if vendor == "WECOM" else "access_token") != KEY:
            return ERRORS[vendor, "gone"]
        if vendor == "DINGTALK" and self.state.signs and not _is_signed(query):
            return 310000, "sign not match"
        said = json.loads(body)
        if said["msgtype"] != "markdown" or not self.headers["Content-Type"].startswith("application/json"):
            return 40008, "invalid message type"
        part = said["markdown"]
        text = part["content"] if vendor == "WECOM" else part["text"]
        if vendor == "WECOM" and len(text.encode()) > 4096:
            return ERRORS["WECOM", "refused"]
        self.state.posts.append({"vendor": vendor, "title": part.get("title", ""), "text": text})
        return 0, "ok"

    def _send(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # the other side did not wait

    def log_message(self, *_: Any) -> None:
        pass


def _is_signed(query: dict[str, str]) -> bool:
    """HMAC-SHA256 over "timestamp, newline, secret", keyed by the secret, in Base64; the clock may be an hour off."""
    stamp = query.get("timestamp", "")
    right = base64.b64encode(hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()).decode()
    return hmac.compare_digest(query.get("sign", ""), right) and abs(time.time() - int(stamp) / 1000) < 3600
