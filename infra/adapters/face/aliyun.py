"""Aliyun real-person verification from the server alone: ContrastFaceVerify of cloudauth 2019-03-07, signed by ACS3-HMAC-SHA256."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from apps.people.ports import AuthorityDown, Claim, Confirmation
from infra.adapters.face import wire
from infra.kit import clock

ACTION, VERSION = "ContrastFaceVerify", "2019-03-07"
_DIFFERENT = {"201", "204", "205"}
"""Sub codes: name and number do not belong together; another face; an attack on the liveness check."""
_DOWN = {"209"}
"""The authority behind the vendor does not answer."""


class AliyunAuthority:
    """Asks Aliyun; needs ``scene``, the number of the verification scene of the console."""

    name = "aliyun"

    def __init__(self, who: wire.Account, *, timeout_s: float = wire.TIMEOUT_S) -> None:
        if not who.options.get("scene", "").isdigit():
            raise ValueError("FACE_AUTHORITY_URL for aliyun needs ?scene=<number>")
        self._who, self._timeout_s = who, timeout_s

    def confirm(self, claim: Claim, image: bytes) -> Confirmation:
        """See :class:`apps.people.ports.Authority`."""
        form = {
            "SceneId": self._who.options["scene"],
            "OuterOrderNo": secrets.token_hex(16),
            "ProductCode": "ID_MIN",
            "Model": "NO_LIVENESS",  # the poses were held before; one frame of them tells nothing more
            "CertType": "IDENTITY_CARD",
            "CertName": claim.name,
            "CertNo": claim.id_number,
            "FaceContrastPicture": base64.b64encode(image).decode(),
        }
        body = urlencode(form, quote_via=quote).encode()
        found = wire.post(self._who, "/", body, self._headers(body, clock.now()), timeout_s=self._timeout_s)
        result = found.get("ResultObject")
        if str(found.get("Code")) != "200" or not isinstance(result, dict):
            raise AuthorityDown(f"aliyun {str(found.get('Code'))[:60]}")
        return _meaning(str(result.get("Passed")), str(result.get("SubCode")), str(found.get("RequestId", ""))[:80])

    def _headers(self, body: bytes, at: datetime) -> dict[str, str]:
        digest = hashlib.sha256(body).hexdigest()
        signed = {
            "content-type": "application/x-www-form-urlencoded",
            "host": self._who.host,
            "x-acs-action": ACTION,
            "x-acs-content-sha256": digest,
            "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": VERSION,
        }
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(signed.items()))
        names = ";".join(sorted(signed))
        request = "\n".join(["POST", "/", "", lines, names, digest])
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.new(self._who.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        authorization = f"ACS3-HMAC-SHA256 Credential={self._who.key},SignedHeaders={names},Signature={signature}"
        return {**signed, "authorization": authorization}


def _meaning(passed: str, sub_code: str, trace: str) -> Confirmation:
    if passed == "T":
        return Confirmation("same", None, trace)
    if sub_code in _DOWN:
        raise AuthorityDown(f"aliyun sub code {sub_code}")
    return Confirmation("different" if sub_code in _DIFFERENT else "unsure", None, trace)
