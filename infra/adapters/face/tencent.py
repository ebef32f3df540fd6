"""Tencent Cloud face verification with a photo: ImageRecognitionV2 of faceid 2018-03-01, signed by TC3-HMAC-SHA256."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from apps.people.ports import AuthorityDown, Claim, Confirmation
from infra.adapters.face import wire
from infra.kit import clock

ACTION, VERSION, SERVICE = "ImageRecognitionV2", "2018-03-01", "faceid"
LIKE = 70.0
"""Likeness from which the vendor takes two pictures for one person (wrong once in 10,000)."""
_DIFFERENT = {"FailedOperation.CompareLowSimilarity", "FailedOperation.IdNameMisMatch", "FailedOperation.IdNoExistedName"}
_DOWN = {"FailedOperation.UnKnown", "FailedOperation.CallFail", "FailedOperation.ServerFail"}
_TYPE = "application/json; charset=utf-8"


class TencentAuthority:
    """Asks Tencent."""

    name = "tencent"

    def __init__(self, who: wire.Account, *, timeout_s: float = wire.TIMEOUT_S) -> None:
        self._who, self._timeout_s = who, timeout_s

    def confirm(self, claim: Claim, image: bytes) -> Confirmation:
        """See :class:`apps.people.ports.Authority`."""
        question = {"IdCard": claim.id_number, "Name": claim.name, "ImageBase64": base64.b64encode(image).decode()}
        body = json.dumps(question).encode()
        answer = wire.post(self._who, "/", body, self._headers(body, clock.now()), timeout_s=self._timeout_s)
        found = answer.get("Response")
        if not isinstance(found, dict) or "Error" in found:
            error = found.get("Error") if isinstance(found, dict) else None
            raise AuthorityDown(f"tencent {str(error.get('Code'))[:60] if isinstance(error, dict) else 'no response'}")
        return _meaning(str(found.get("Result")), found.get("Sim"), str(found.get("RequestId", ""))[:80])

    def _headers(self, body: bytes, at: datetime) -> dict[str, str]:
        day, stamp = f"{at:%Y-%m-%d}", str(int(at.timestamp()))
        names = "content-type;host;x-tc-action"
        lines = f"content-type:{_TYPE}\nhost:{self._who.host}\nx-tc-action:{ACTION.lower()}\n"
        request = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
        scope = f"{day}/{SERVICE}/tc3_request"
        text = "\n".join(["TC3-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
        key = f"TC3{self._who.secret}".encode()
        for part in (day, SERVICE, "tc3_request"):
            key = _mac(key, part)
        credential = f"Credential={self._who.key}/{scope}, SignedHeaders={names}, Signature={_mac(key, text).hex()}"
        return {
            "content-type": _TYPE,
            "host": self._who.host,
            "x-tc-action": ACTION,
            "x-tc-timestamp": stamp,
            "x-tc-version": VERSION,
            "authorization": f"TC3-HMAC-SHA256 {credential}",
        }


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _meaning(result: str, likeness: object, trace: str) -> Confirmation:
    score = float(likeness) if isinstance(likeness, int | float) else None
    if result == "Success" and score is not None:
        return Confirmation("same" if score >= LIKE else "different", score, trace)
    if result in _DOWN or not result.startswith("FailedOperation."):
        raise AuthorityDown(f"tencent {result[:60]}")
    return Confirmation("different" if result in _DIFFERENT else "unsure", score, trace)
