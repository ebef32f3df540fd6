"""One process of load for ``bench exam``: its share of the learners, each starts at a moment of its own and answers again and again.

The parent writes one JSON line ``{"port", "seconds", "learners": [...]}`` and reads one JSON line of `Found`. Nothing of Django is
loaded here. What was not answered is sent again unchanged, as the page does, until the time and a bit more are over.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import random
import re
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.load import Connection

ANSWERS = 5
"""Answers of each learner within the minute."""
_TOKEN = "a" * 32
_PATIENCE_S = 45
_PAUSE_S = 0.25


@dataclass
class Found:
    """What was seen: ``waits`` [[due at, ms waited]] on the clock of the machine, ``acks`` [[attempt, seq, no, key]], ``errors`` in words."""

    waits: list[tuple[float, float]] = field(default_factory=list)
    acks: list[tuple[str, int, int, str]] = field(default_factory=list)
    starts: int = 0
    retries: int = 0
    errors: list[str] = field(default_factory=list)


class Speaking(Connection):
    """A connection that sends whatever headers it is given."""

    def ask(self, method: str, host: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, str, str]:
        """Send one request; returns status, head and text."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{self.port}\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        self.link.sendall(head.encode() + body)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        top, _, rest = data.partition(b"\r\n\r\n")
        told = top.lower().partition(b"content-length:")[2].split(b"\r\n")[0].strip()
        if not told.isdigit():
            raise ConnectionError(f"half an answer: {top[:200]!r}")
        while len(rest) < int(told):
            rest += self._more()
        return int(top[9:12]), top.decode(errors="replace"), rest.decode(errors="replace")


class Learner:
    """One learner with a login and a device: starts, reads the paper, answers."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.host, self.path, self.cookie = told["host"], told["path"], told["cookie"]
        self.step = 0
        self.key = self.url = self.attempt = ""
        self.base = self.questions = 0
        self.dice = random.Random(told["cookie"])

    def act(self, link: Speaking, found: Found) -> bool:
        """Do what comes next; True while there is more to do.

        :raises ConnectionError: not answered, or not by 2xx/3xx: do it again
        """
        if self.step == 0:
            self._ask(link, "POST", self.path, {"Cookie": f"{self.cookie}; csrftoken={_TOKEN}", "X-CSRFToken": _TOKEN}, ok=302)
        elif self.step == 1:
            self._open(link)
            found.starts += 1
        else:
            self._answer(link, found)
        self.step += 1
        return self.step < 2 + ANSWERS

    def _open(self, link: Speaking) -> None:
        page = self._ask(link, "GET", self.path, {"Cookie": self.cookie}, ok=200)
        said = {name: re.search(rf'data-{name}="([^"]+)"', page) for name in ("url", "key", "base", "attempt")}
        if not all(said.values()):
            raise ConnectionError("no paper on the page")
        self.url, self.key, base, self.attempt = (found[1] for found in said.values() if found)
        self.base, self.questions = int(base), page.count("data-question=")

    def _answer(self, link: Speaking, found: Found) -> None:
        n = self.step - 2
        no, key = n % self.questions + 1, "ABCD"[(len(self.attempt) + n + int(self.attempt[0], 16)) % 4]
        seq = self.base + n
        body = json.dumps({"no": no, "response": [key], "seq": seq}).encode()
        headers = {"Cookie": self.cookie, "X-Sitting": self.key, "Content-Type": "application/json"}
        said = json.loads(self._ask(link, "POST", f"{self.url}answer", headers, ok=200, body=body))
        if said["seq"] != seq:
            raise ConnectionError(f"another answer than asked for: {said}")
        found.acks.append((self.attempt, seq, no, key))

    def _ask(self, link: Speaking, method: str, path: str, headers: dict[str, str], *, ok: int, body: bytes = b"") -> str:
        status, _head, text = link.ask(method, self.host, path, headers, body)
        if status != ok:
            raise Refused(f"{method} {re.sub('[0-9a-f-]{36}', '…', path)}: {status} {text[:300] if status < 500 else ''}", status)
        return text


class Refused(ConnectionError):
    """Answered, but not as wished."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.is_final = status < 500


class Queue:
    """What is due when, for all threads of the process."""

    def __init__(self, learners: list[Learner], seconds: float) -> None:
        dice = random.Random(11)
        self.lock = threading.Lock()
        self.began = time.time() + 0.5
        self.gap = seconds * 0.5 / (ANSWERS + 1)
        self.heap = [(self.began + dice.random() * seconds * 0.45, n) for n in range(len(learners))]
        self.learners = learners
        self.until = self.began + seconds + _PATIENCE_S
        heapq.heapify(self.heap)

    def next(self) -> tuple[float, Learner] | None:
        """Return who is due first and since when; None when nothing is left."""
        with self.lock:
            if not self.heap:
                return None
            due, n = heapq.heappop(self.heap)
        return due, self.learners[n]

    def again(self, due: float, learner: Learner, *, after: float) -> None:
        """Let the learner go on ``after`` seconds later."""
        with self.lock:
            heapq.heappush(self.heap, (due + after, self.learners.index(learner)))


def work(queue: Queue, port: int, found: Found) -> None:
    """Serve whoever is due until nothing is left."""
    link = Speaking(port)
    while (task := queue.next()) is not None:
        due, learner = task
        time.sleep(max(0.0, due - time.time()))
        more = _surely(queue, learner, link, found)
        found.waits.append((due, (time.time() - due) * 1000))
        if more:
            queue.again(due, learner, after=queue.gap * (0.6 + 0.8 * learner.dice.random()) if learner.step > 1 else 0.3)


def _surely(queue: Queue, learner: Learner, link: Speaking, found: Found) -> bool:
    last = ""
    while time.time() < queue.until:
        try:
            return learner.act(link, found)
        except Refused as refusal:
            if refusal.is_final:
                found.errors.append(str(refusal))
                return False
            last = str(refusal)
        except (OSError, ValueError, KeyError) as error:
            last = repr(error)
        found.retries += 1
        time.sleep(_PAUSE_S)
        with contextlib.suppress(OSError):
            link.link.close()
        with contextlib.suppress(OSError):
            link.connect()
    found.errors.append(f"never answered: {last}")
    return False


def main(threads: int) -> None:
    """Read the order, do it, tell what was found."""
    order = json.loads(sys.stdin.readline())
    queue = Queue([Learner(told) for told in order["learners"]], order["seconds"])
    shares = [Found() for _thread in range(threads)]
    crew = [threading.Thread(target=work, args=(queue, order["port"], share)) for share in shares]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    whole = Found()
    for share in shares:
        for name, value in asdict(share).items():
            setattr(whole, name, getattr(whole, name) + value)
    print(json.dumps(asdict(whole)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
