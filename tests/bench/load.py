"""One process of load: keeps connections open, speaks the beat protocol for its share of the sessions, counts.

The parent writes the sessions as one JSON line, then a line ``beat <seconds>`` or ``baseline <seconds>`` for each slice; each
is answered by one JSON line ``{"count", "errors", "ms": [...]}``. Nothing of Django is loaded here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import sys
import threading
import time
from typing import Any


class Connection:
    """One kept HTTP/1.1 connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, host: str, path: str, cookie: str, body: bytes) -> tuple[int, bytes]:
        """Send one POST; returns status and body."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{self.port}\r\nCookie: {cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.link.sendall(head.encode() + body)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        top, _, rest = data.partition(b"\r\n\r\n")
        length = int(top.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._more()
        return int(top[9:12]), rest

    def _more(self) -> bytes:
        got = self.link.recv(65536)
        if not got:
            raise ConnectionError("the server closed the connection")
        return got


class Learner:
    """A player's end of one session."""

    def __init__(self, session: dict[str, Any]) -> None:
        self.host, self.cookie, self.number = session["host"], session["cookie"], session["number"]
        self.path = f"/api/learning/sessions/{session['uuid']}/beats"
        self.key = bytes.fromhex(session["key"])
        self.nonce, self.seq, self.position, self.last = session["nonce"], 0, 0, 0.0

    def beat(self, link: Connection) -> str:
        """Send the next beat; returns "" or what went wrong."""
        now = time.monotonic()
        position = self.position + (int((now - self.last) * 1000) if self.seq else 0)
        claim = {
            "seq": self.seq + 1,
            "nonce": self.nonce,
            "position_ms": position,
            "state": "playing",
            "reason": "tick",
            "rate": 1,
            "hidden": False,
            "focused": True,
            "mono_ms": int(now * 1000),
            "frames": 25,
            "guard": {},
            "probes": {},
        }
        canonical = json.dumps(claim, sort_keys=True, separators=(",", ":"))  # what RFC 8785 makes of these values
        mac = hmac.new(self.key, canonical.encode(), hashlib.sha256).hexdigest()
        status, answer = link.post(self.host, self.path, self.cookie, json.dumps({**claim, "mac": mac}).encode())
        if status != 200:
            return f"{status} {answer[:200].decode(errors='replace')}"
        reply = json.loads(answer)
        self.seq, self.nonce, self.position, self.last = reply["seq"], reply["nonce"], reply["accepted_ms"], now
        return ""

    def baseline(self, link: Connection) -> str:
        """Send the bare request; returns "" or what went wrong."""
        body = json.dumps({"counter": self.number, "note": self.nonce}).encode()
        status, answer = link.post(self.host, "/bench/baseline", self.cookie, body)
        return "" if status == 200 and json.loads(answer)["counter"] == self.number else f"{status} {answer[:200]!r}"


def work(learners: list[Learner], link: Connection, kind: str, until: float, found: dict[str, Any]) -> None:
    """Walk through the learners until the time is up."""
    turn = 0
    while time.monotonic() < until:
        learner = learners[turn % len(learners)]
        began = time.perf_counter()
        problem = learner.beat(link) if kind == "beat" else learner.baseline(link)
        found["ms"].append((time.perf_counter() - began) * 1000)
        if problem:
            found["errors"].append(problem)
        turn += 1
    learners[:] = learners[turn % len(learners) :] + learners[: turn % len(learners)]


def main(port: int, threads: int) -> None:
    """Serve slices until stdin ends."""
    sessions = [Learner(session) for session in json.loads(sys.stdin.readline())]
    shares = [(sessions[n::threads], Connection(port)) for n in range(threads)]
    for line in sys.stdin:
        kind, seconds = line.split()
        until = time.monotonic() + float(seconds)
        found: list[dict[str, Any]] = [{"ms": [], "errors": []} for _ in shares]
        crew = [threading.Thread(target=work, args=(*share, kind, until, one)) for share, one in zip(shares, found, strict=True)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
        everything = {name: [value for one in found for value in one[name]] for name in ("ms", "errors")}
        print(json.dumps(everything), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
