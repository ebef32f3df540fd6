"""Two vendors on this machine: they check signatures by their own reading of the documents and answer as they are told."""

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
from urllib.parse import parse_qs

KEY, SECRET = "AKtest", "secret/with+signs"


@dataclass
class Vendor:
    """``mood``: same, different, unsure, down, throttled, broken, silent, nonsense or refused."""

    port: int = 0
    mood: str = "same"
    asked: list[dict[str, str]] = field(default_factory=list)
    unsigned: int = 0


@contextmanager
def vendor(kind: str) -> Iterator[Vendor]:
    """Run one until the block ends."""
    state = Vendor()
    handler = type("Handler", (_Handler,), {"state": state, "speak": _SPEAK[kind]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: Vendor
    speak: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.state.mood == "silent":
            time.sleep(1.0)
            return
        if self.state.mood in {"broken", "throttled"}:
            self._send(503 if self.state.mood == "broken" else 429, b"{}")
        elif self.state.mood == "nonsense":
            self._send(200, b"<html>login</html>")
        else:
            self._send(200, json.dumps(type(self).speak(self.headers, body, self.state)).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _aliyun(headers: Any, body: bytes, state: Vendor) -> dict[str, Any]:
    """https://help.aliyun.com V3 request structure: StringToSign = algorithm, newline, digest of the canonical request."""
    scheme, _, rest = headers["authorization"].partition(" ")
    given = dict(part.split("=", 1) for part in rest.split(","))
    names = given["SignedHeaders"].split(";")
    text = (
        "POST\n/\n\n"
        + "".join(f"{name}:{headers[name].strip()}\n" for name in names)
        + f"\n{given['SignedHeaders']}\n{_digest(body)}"
    )
    right = hmac.new(SECRET.encode(), f"{scheme}\n{_digest(text.encode())}".encode(), "sha256").hexdigest()
    needed = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
    facts = (scheme == "ACS3-HMAC-SHA256", given["Credential"] == KEY, given["Signature"] == right, needed <= set(names))
    if not all((*facts, headers["x-acs-content-sha256"] == _digest(body), headers["x-acs-version"] == "2019-03-07")):
        state.unsigned += 1
        return {"Code": "SignatureDoesNotMatch", "RequestId": "r"}
    form = {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=True).items()}
    image = base64.b64decode(form["FaceContrastPicture"])
    state.asked.append({"name": form["CertName"], "id": form["CertNo"], "image": _digest(image), "order": form["OuterOrderNo"]})
    codes = {"same": ("T", "200"), "different": ("F", "204"), "unsure": ("F", "203"), "down": ("F", "209")}
    if state.mood == "refused":
        return {"Code": "402", "Message": "not configured", "RequestId": "r"}
    passed, sub = codes[state.mood]
    return {"Code": "200", "Message": "success", "RequestId": "r-1", "ResultObject": {"Passed": passed, "SubCode": sub}}


def _tencent(headers: Any, body: bytes, state: Vendor) -> dict[str, Any]:
    """https://cloud.tencent.com signature v3: four nested MACs make the key, scope is day/service/tc3_request."""
    scheme, _, rest = headers["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    key_id, day, service, kind = given["Credential"].split("/")
    names = given["SignedHeaders"].split(";")
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
    canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{_digest(body)}"
    text = f"{scheme}\n{headers['x-tc-timestamp']}\n{day}/{service}/{kind}\n{_digest(canonical.encode())}"
    mac = b"TC3" + SECRET.encode()
    for part in (day, service, kind, text):
        mac = hmac.new(mac, part.encode(), "sha256").digest()
    on_day = day == time.strftime("%Y-%m-%d", time.gmtime(int(headers["x-tc-timestamp"])))
    facts = (
        scheme == "TC3-HMAC-SHA256",
        key_id == KEY,
        (service, kind) == ("faceid", "tc3_request"),
        given["Signature"] == mac.hex(),
    )
    if not all((*facts, on_day, headers["x-tc-version"] == "2018-03-01", headers["x-tc-action"] == "ImageRecognitionV2")):
        state.unsigned += 1
        return {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": ""}, "RequestId": "r"}}
    question = json.loads(body)
    image = base64.b64decode(question["ImageBase64"])
    state.asked.append({"name": question["Name"], "id": question["IdCard"], "image": _digest(image), "order": ""})
    results = {
        "same": ("Success", 91.5),
        "different": ("FailedOperation.CompareLowSimilarity", 21.0),
        "unsure": ("FailedOperation.IdPhotoNoExist", 0.0),
        "down": ("FailedOperation.UnKnown", 0.0),
    }
    if state.mood == "refused":
        return {"Response": {"Error": {"Code": "RequestLimitExceeded", "Message": "…"}, "RequestId": "r"}}
    result, likeness = results[state.mood]
    return {"Response": {"Result": result, "Sim": likeness, "Description": "", "RequestId": "r-1"}}


_SPEAK = {"aliyun": _aliyun, "tencent": _tencent}
