"""Another system on this machine that takes webhooks: answers as its mood says and keeps what came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

HERE = [ip_network("127.0.0.0/8")]


@dataclass
class Receiver:
    """``mood``: well, refused, gone, busy, away (a redirect), silent, drip (a letter at a time), nonsense."""

    port: int = 0
    mood: str = "well"
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}/hooks?from=anxue"


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run it until the block ends."""
    state = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    server.daemon_threads = True
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.state.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        mood = self.state.mood
        if mood == "silent":
            time.sleep(0.6)
        if mood == "nonsense":
            self.wfile.write(b"hello\r\n\r\n")
            return
        if mood == "drip":
            self._drip()
            return
        self.send_response({"well": 204, "refused": 500, "gone": 410, "busy": 429, "away": 302}.get(mood, 200))
        if mood == "busy":
            self.send_header("Retry-After", "900")
        if mood == "away":
            self.send_header("Location", f"http://127.0.0.1:{self.state.port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self) -> None:
        try:
            for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100:
                self.wfile.write(bytes([letter]))
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *args: object) -> None:
        """Say nothing."""
