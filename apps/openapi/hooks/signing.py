"""Signatures as Standard Webhooks 1.0 has them: HMAC-SHA256 over ``id.timestamp.body``, one for each secret that holds. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

MARK = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret as the other system keeps it: ``whsec_`` and Base64 of 32 random bytes."""
    return MARK + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signature(secret: str, *, of: str, timestamp: int, body: bytes) -> str:
    """Return one signature, ``v1,…``.

    :param of: the ``webhook-id``
    :param timestamp: seconds since 1970, of this try
    :raises ValueError: no secret of ours
    """
    key = base64.b64decode(secret.removeprefix(MARK), validate=True)
    mac = hmac.new(key, f"{of}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


def headers(secret_words: Iterable[str], *, of: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a message; while a secret is being replaced both sign."""
    signed = " ".join(signature(one, of=of, timestamp=timestamp, body=body) for one in secret_words)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Anxue-Hooks/1",
        "webhook-id": of,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
