"""An authority's system on this machine, over REST, SOAP and Zhejiang's gateway: it keeps what it accepts by id and answers as it is told.

What is signed and sealed it reads with the kit, for partners have no other contract either; the gateway's HMAC by its own hand.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.kit import canonical
from infra.kit.exchange import contract, documents, soap, stamps, xml
from infra.kit.exchange.documents import Receipt, Result
from infra.kit.exchange.suites import Keys, Suite, make_pair

GATEWAY_KEY, GATEWAY_SECRET = "gateway-ak", "gateway-sk-of-the-province"


@dataclass
class Authority:
    """``mood``: well, down, slow, trickles, mumbles, later, silent, unsigned, stranger, refuses, garbage, redirects or busy; ``fails``: share of calls that break.

    ``kept``: id -> record as it came; ``times``: id -> how often it came; ``accepted``: how often it was new; ``opened``: id -> the fields it could open.
    """

    suite: Suite = Suite.SM
    port: int = 0
    mood: str = "well"
    fails: float = 0.0
    down_until: float = 0.0
    rejects: set[str] = field(default_factory=set)
    lacks: list[str] = field(default_factory=list)
    opens: bool = True
    keys: Keys | None = None
    public: bytes = b""
    private: bytes = b""
    calls: int = 0
    broken: int = 0
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    opened: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def meets(self, platform_public: bytes, *, shared: bytes = b"") -> None:
        """Learn the platform's key, as a partner does by hand."""
        self.keys = Keys(self.suite, self.private, self.public, platform_public, shared)

    def take(self, document: dict[str, Any]) -> dict[str, Any]:
        """Keep a parcel's records and return receipts."""
        assert self.keys
        with self.lock:
            self.messages.append(document["msgId"])
            if self.opens:
                for record, found in zip(document["records"], documents.opened(document, self.keys), strict=True):
                    self.opened[record["id"]] = found
            said = [self._receipt(record) for record in document["records"]]
        return documents.receipts_document(document["msgId"], [] if self.mood == "silent" else said)

    def _receipt(self, record: dict[str, Any]) -> Receipt:
        key = record["id"]
        if record["kind"] in self.rejects:
            return Receipt(key, Result.REJECTED, "E2001", "考试编号不存在")
        self.times[key] = self.times.get(key, 0) + 1
        if key in self.kept:
            return Receipt(key, Result.DUPLICATE)
        self.kept[key] = record
        self.accepted[key] = self.accepted.get(key, 0) + 1
        return Receipt(key, Result.ACCEPTED)

    def breaks_now(self) -> bool:
        """Say whether this call is lost, by chance or because the system is down."""
        with self.lock:
            self.calls += 1
            lost = time.monotonic() < self.down_until or self.chance.random() < self.fails
            self.broken += lost
        return lost


@contextmanager
def authority(suite: Suite = Suite.SM, **more: Any) -> Iterator[Authority]:
    """Run one until the block ends."""
    state = Authority(suite=suite, **more)
    if suite is not Suite.SHARED:
        state.public, state.private = make_pair(suite)
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: Authority

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        state = self.state
        if state.breaks_now() or state.mood == "down":
            # Half of what breaks was received before: the answer is lost, and only ids save us from counting twice.
            if state.chance.random() < 0.5 and state.mood != "down" and time.monotonic() >= state.down_until:
                self._understand(body)
            self._send(503, b"", {})
        elif state.mood == "slow":
            time.sleep(0.6)
            self._send(200, b"{}", {})
        elif state.mood in {"trickles", "mumbles"}:
            self._trickle()
        elif state.mood == "busy":
            self._send(429, b"", {"Retry-After": "120"})
        elif state.mood == "redirects":
            self._send(302, b"", {"Location": "http://127.0.0.1:1/"})
        elif state.mood == "garbage":
            self._send(200, b"<html>login</html>", {})
        else:
            status, said, headers = self._understand(body)
            self._send(status, said, headers)

    def _understand(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        kind = self.headers.get("Content-Type", "")
        return self._soap(body) if "xml" in kind else self._rest(body)

    def _rest(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        state, keys = self.state, self.state.keys
        assert keys
        if self.path.startswith("/gateway") and not self._gateway_lets_in():
            return 401, b'{"message":"Invalid signature"}', {}
        found = stamps.read(dict(self.headers.items()))
        at = stamps.moment(found.timestamp)  # its clock is the caller's: tests move it; what is late is refused elsewhere
        stamps.check(keys, found, method="POST", path=self.path, body=body, at=at)
        assert found.nonce not in state.nonces
        state.nonces.add(found.nonce)
        document = json.loads(body)
        what = self.headers.get("X-Exchange-Operation") or self.path.rpartition("/v1/")[2]
        if what.startswith("days/"):
            state.days.append(document)
            answer: dict[str, Any] = {"missing": state.lacks}
        elif state.mood == "refuses":
            return 422, b"{}", {}
        else:
            answer = state.take(document)
        status = 202 if state.mood == "later" and what == "records" else 200
        said = canonical.encode(answer)
        return (
            status,
            said,
            self._stamped(found.key, found.nonce, str(status), said, at).headers() if state.mood != "unsigned" else {},
        )

    def _stamped(self, key: str, nonce: str, what: str, said: bytes, at: datetime) -> stamps.Stamp:
        keys = self.state.keys
        assert keys
        if self.state.mood == "stranger":
            public, private = make_pair(keys.suite)
            keys = Keys(keys.suite, private, public, keys.their_public)
        return stamps.stamp(keys, method="ANSWER", path=what, key=key, body=said, nonce=nonce, at=at)

    def _gateway_lets_in(self) -> bool:
        head = self.headers
        said = f"POST\n{self.path}\n\n{head['X-BG-HMAC-ACCESS-KEY']}\n{head['X-BG-DATE-TIME']}\n"
        mac = base64.b64encode(hmac.new(GATEWAY_SECRET.encode(), said.encode(), hashlib.sha256).digest()).decode()
        return head["X-BG-HMAC-ACCESS-KEY"] == GATEWAY_KEY and hmac.compare_digest(mac, head["X-BG-HMAC-SIGNATURE"])

    def _soap(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        state, keys = self.state, self.state.keys
        assert keys
        call = soap.read(body, most=10**7)
        if state.mood == "refuses":
            said = soap.fault(call.version, code="bad_document", message="不符合接口文档", is_ours=False)
            return 500, said, {"Content-Type": soap.content_type(call.version)}
        at = stamps.moment(call.stamp.timestamp)
        stamps.check(keys, call.stamp, method=soap.METHOD, path=call.operation, body=call.payload, at=at)
        root = xml.parse(call.payload)
        contract.validate(root)
        answer = xml.write(xml.receipts(state.take(xml.read_parcel(root)))) if state.mood != "later" else b""
        name = f"{call.operation}Response"
        stamp = self._stamped(call.stamp.key, call.stamp.nonce, name, answer, at)
        if state.mood == "unsigned":
            stamp = stamps.Stamp(stamp.key, stamp.timestamp, stamp.nonce, stamp.sign_type, base64.b64encode(b"x").decode())
        return 200, soap.write(call.version, name, stamp, answer), {"Content-Type": soap.content_type(call.version)}

    def _trickle(self) -> None:
        """A byte at a time, each well within a time-out: of the body, or already of a header."""
        self.send_response(200)
        if self.state.mood == "trickles":
            self.send_header("Content-Length", "1000")
            self.end_headers()
        else:
            self.flush_headers()
            self.wfile.write(b"X-Said:")
        try:
            for _turn in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.03)
        except OSError:  # the caller has gone
            self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Say nothing."""
