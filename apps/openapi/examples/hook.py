"""核验推送消息的签名：只用 Python 标准库。在自己的网页服务里，对收到的原始字节调用 verify，再解析 JSON。"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

TOLERANCE_S = 300


class Forged(Exception):
    """The message is not from whom it says, was altered, or is too old."""


def verify(body: bytes, headers: Mapping[str, str], secret: str, *, now: float | None = None) -> str:
    """Return the ``webhook-id`` of a message that is genuine; remember it, for the same message may come twice.

    :param body: the bytes as they came, before anything reads them
    :param headers: by lower-case name
    :param secret: ``whsec_…`` as shown when the address was added
    :raises Forged: it is not genuine
    """
    said, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not said or not stamp.isdigit() or abs((now or time.time()) - int(stamp)) > TOLERANCE_S:
        raise Forged("too old, or without a time")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, f"{said}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    given = [word.removeprefix("v1,") for word in headers.get("webhook-signature", "").split() if word.startswith("v1,")]
    if not any(hmac.compare_digest(mac, one) for one in given):
        raise Forged("no signature fits")
    return said
