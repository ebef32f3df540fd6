"""One process of load: keeps connections open, speaks the beat protocol for its share of the sessions, counts.

The parent writes the sessions as one JSON line, then a line ``once|beat|baseline|surely <seconds>`` for
each slice; each is answered by one JSON line of ``COUNTED``. Nothing of Django is loaded here.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import itertools
import json
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

COUNTED = ("ms", "errors", "paid", "checks", "acks", "retries")
"""What a slice tells: times, problems, whether each beat was paid, whether a check began, what was acknowledged, how often it had
to be sent again."""
HONEST = {
    "v": 1,
    "webdriver": False,
    "headless": False,
    "rate_native": True,
    "time_native": True,
    "play_native": True,
    "visibility_native": True,
    "visibility_agrees": True,
    "focus_agrees": True,
    "listener_native": True,
    "timer_native": True,
    "own_props": 0,
    "clock_drift_ms": 0,
    "clean_drift_ms": 0,
    "timer_percent": 100,
    "inputs": 1,
    "moves": 4,
    "untrusted": 0,
}
"""The probes of a browser that nobody has touched."""
GUARD = {"rate": 0, "seek": 0, "hidden": 1, "blur": 1, "sleep": 0, "pip": 0, "tab": 0, "mark": 0}


class Connection:
    """One kept HTTP/1.1 connection; a lost one is replaced at the next use."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connect()

    def connect(self) -> None:
        """Open it, or open it anew."""
        self.link = socket.create_connection(("127.0.0.1", self.port), timeout=30)
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
        self.uuid, self.nonce, self.seq, self.position, self.last = session["uuid"], session["nonce"], 0, 0, 0.0
        self.pending: tuple[bytes, float] | None = None

    def beat(self, link: Connection, found: dict[str, Any]) -> str:
        """Send the next beat; returns "" or what went wrong."""
        body, now = self._claim()
        status, answer = link.post(self.host, self.path, self.cookie, body)
        return self._heard(status, answer, now, found)

    def surely(self, link: Connection, until: float, found: dict[str, Any]) -> str:
        """Send the next beat, the same bytes again and again while the server is away; an answer is an acknowledgement."""
        while time.monotonic() < until:
            body, now = self.pending = self.pending or self._claim()
            try:
                status, answer = link.post(self.host, self.path, self.cookie, body)
            except OSError:
                status, answer = 0, b""
                _reconnect(link)
            if 0 < status < 500:
                self.pending = None
                problem = self._heard(status, answer, now, found)
                if not problem:
                    found["acks"].append((self.uuid, self.seq, self.credited))
                return problem
            found["retries"].append(1)
            time.sleep(0.05)
        return ""

    def _claim(self) -> tuple[bytes, float]:
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
            "frames": position // 40,
            "guard": GUARD,
            "probes": HONEST,
        }
        canonical = json.dumps(claim, sort_keys=True, separators=(",", ":"))  # what RFC 8785 makes of these values
        mac = hmac.new(self.key, canonical.encode(), hashlib.sha256).hexdigest()
        return json.dumps({**claim, "mac": mac}).encode(), now

    def _heard(self, status: int, answer: bytes, now: float, found: dict[str, Any]) -> str:
        if status != 200:
            return f"{status} {answer[:200].decode(errors='replace')}"
        reply = json.loads(answer)
        found["paid"].append(int(reply["verdict"] == "paid"))
        found["checks"].append(int(reply["check"] is not None))
        self.credited = reply["credited_ms"]
        self.seq, self.nonce, self.position, self.last = reply["seq"], reply["nonce"], reply["accepted_ms"], now
        return ""

    def baseline(self, link: Connection) -> str:
        """Send the bare request; returns "" or what went wrong."""
        body = json.dumps({"counter": self.number, "note": self.nonce}).encode()
        status, answer = link.post(self.host, "/bench/baseline", self.cookie, body)
        return "" if status == 200 and json.loads(answer)["counter"] == self.number else f"{status} {answer[:200]!r}"


class Crowd:
    """The learners of one thread. Beats and bare requests each go on where they stopped, so that everybody gets a turn."""

    def __init__(self, learners: list[Learner]) -> None:
        self.learners = learners
        self.turns = {"beats": itertools.cycle(learners), "baseline": itertools.cycle(learners)}

    def round(self, kind: str) -> Iterable[Learner]:
        """Return whose turn it is, without end but for ``once``."""
        return self.learners if kind == "once" else self.turns["baseline" if kind == "baseline" else "beats"]


def _reconnect(link: Connection) -> None:
    with contextlib.suppress(OSError):
        link.link.close()
    with contextlib.suppress(OSError):
        link.connect()


def work(learners: Crowd, link: Connection, kind: str, until: float, found: dict[str, Any]) -> None:
    """Walk through the learners until the time is up; ``once`` ends when each has beaten once."""
    for learner in learners.round(kind):
        if time.monotonic() >= until:
            return
        began = time.perf_counter()
        if kind == "surely":
            problem = learner.surely(link, until, found)
        else:
            problem = learner.baseline(link) if kind == "baseline" else learner.beat(link, found)
        found["ms"].append((time.perf_counter() - began) * 1000)
        if problem:
            found["errors"].append(problem)


def main(port: int, threads: int) -> None:
    """Serve slices until stdin ends."""
    sessions = [Learner(session) for session in json.loads(sys.stdin.readline())]
    shares = [(Crowd(sessions[n::threads]), Connection(port)) for n in range(threads)]
    for line in sys.stdin:
        kind, seconds = line.split()
        until = time.monotonic() + float(seconds)
        found: list[dict[str, Any]] = [{name: [] for name in COUNTED} for _ in shares]
        crew = [threading.Thread(target=work, args=(*share, kind, until, one)) for share, one in zip(shares, found, strict=True)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
        everything = {name: [value for one in found for value in one[name]] for name in COUNTED}
        print(json.dumps(everything), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
