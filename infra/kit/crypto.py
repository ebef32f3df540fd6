"""Sealing of personal data at rest, and blind indexes to find it again (clause 五.1).

A sealed value is ``version (1 byte) + nonce (12) + AES-256-GCM ciphertext``. Keys are derived by HKDF-SHA256 from one master
secret for each (owner, purpose), so a value copied into another enterprise's row does not open there.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE = 12


class SealBroken(Exception):
    """A sealed value was altered, or belongs to another owner or purpose."""


@lru_cache(maxsize=4096)
def _derive(secret: str, label: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"anxue", info=label.encode()).derive(secret.encode())


def seal(plain: bytes, *, secret: str, owner: str, purpose: str) -> bytes:
    """Encrypt ``plain`` for one owner (an enterprise's uuid, or ``platform``) and one purpose."""
    label = f"seal/{owner}/{purpose}"
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(_derive(secret, label)).encrypt(nonce, plain, label.encode())


def unseal(sealed: bytes, *, secret: str, owner: str, purpose: str) -> bytes:
    """Decrypt a value made by :func:`seal`.

    :raises SealBroken: it was altered, or sealed for another owner or purpose
    """
    label = f"seal/{owner}/{purpose}"
    raw = bytes(sealed)
    if raw[:1] != _VERSION or len(raw) <= _NONCE:
        raise SealBroken(purpose)
    try:
        return AESGCM(_derive(secret, label)).decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], label.encode())
    except InvalidTag as error:
        raise SealBroken(purpose) from error


def blind_index(value: str, *, secret: str, purpose: str) -> str:
    """Return 64 hex digits that are equal for equal values; without the secret nothing can be learnt from them."""
    return hmac.new(_derive(secret, f"index/{purpose}"), value.encode(), hashlib.sha256).hexdigest()
