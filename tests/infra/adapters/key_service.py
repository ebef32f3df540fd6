"""AWS KMS on this machine: it checks signatures (SigV4) by its own reading of the documents and keeps a master key that it never gives out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ACCESS, SECRET, REGION, KEY = "AKIDTEST", "secret/with+signs", "cn-north-1", "alias/anxue"


@dataclass
class Service:
    """``mood``: well, down (503) or forbidden; ``asked``: operation and context of each call whose signature was right."""

    port: int = 0
    mood: str = "well"
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    unsigned: int = 0
    master: bytes = field(default_factory=lambda: os.urandom(32))

    @property
    def url(self) -> str:
        """What `KMS_URL` says to reach it."""
        user, endpoint = f"{ACCESS}:{quote(SECRET, safe='')}", quote(f"http://127.0.0.1:{self.port}", safe="")
        return f"aws://{user}@{REGION}/{KEY}?endpoint={endpoint}"


@contextmanager
def key_service() -> Iterator[Service]:
    """Run one until the block ends."""
    state = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.state.mood == "down":
            return self._answer(503, {"__type": "KMSInternalException"})
        if not _is_signed(self, body):
            self.state.unsigned += 1
            return self._answer(403, {"__type": "IncompleteSignatureException"})
        if self.state.mood == "forbidden":
            return self._answer(400, {"__type": "AccessDeniedException"})
        asked: dict[str, Any] = json.loads(body)
        operation = self.headers["X-Amz-Target"].removeprefix("TrentService.")
        self.state.asked.append((operation, asked["EncryptionContext"]))
        return self._answer(*self._do(operation, asked))

    def _do(self, operation: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        context = json.dumps(asked["EncryptionContext"], sort_keys=True).encode()
        if asked["KeyId"] != KEY:
            return 400, {"__type": "NotFoundException"}
        if operation == "Encrypt":
            nonce = os.urandom(12)
            blob = nonce + AESGCM(self.state.master).encrypt(nonce, base64.b64decode(asked["Plaintext"]), context)
            return 200, {"CiphertextBlob": base64.b64encode(blob).decode(), "KeyId": KEY}
        blob = base64.b64decode(asked["CiphertextBlob"])
        try:
            plain = AESGCM(self.state.master).decrypt(blob[:12], blob[12:], context)
        except (InvalidTag, ValueError):
            return 400, {"__type": "InvalidCiphertextException"}
        return 200, {"Plaintext": base64.b64encode(plain).decode(), "KeyId": KEY}

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _is_signed(request: BaseHTTPRequestHandler, body: bytes) -> bool:
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    access, day, region, service, end = parts.get("Credential", "////").split("/")
    if (scheme, access, region, service, end) != ("AWS4-HMAC-SHA256", ACCESS, REGION, "kms", "aws4_request"):
        return False
    names = parts["SignedHeaders"].split(";")
    if not {"host", "x-amz-date", "x-amz-target"} <= set(names):
        return False
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    wanted = "\n".join(["POST", request.path, "", headers, ";".join(names), hashlib.sha256(body).hexdigest()])
    scope = f"{day}/{region}/{service}/{end}"
    text = "\n".join([scheme, request.headers["X-Amz-Date"], scope, hashlib.sha256(wanted.encode()).hexdigest()])
    made = f"AWS4{SECRET}".encode()
    for part in (*scope.split("/"), text):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(made.hex(), parts["Signature"])
