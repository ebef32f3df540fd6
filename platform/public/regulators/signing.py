"""The keys with which the platform signs, and their public halves for whoever checks."""

import base64
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from infra.kit import x509
from infra.kit.signing import Signer

PURPOSES = ("certificate", "feed", "review")


@lru_cache(maxsize=8)
def _signer(secret: str, purpose: str) -> Signer:
    return Signer(secret, purpose=purpose)


def certificate_signer() -> Signer:
    """Return the key of certificates: it signs ``infra.kit.canonical.encode(body)``."""
    return _signer(settings.SEALING_SECRET, "certificate")


def feed_signer() -> Signer:
    """Return the key of the daily feed: it signs the exact bytes of an answer's body."""
    return _signer(settings.SEALING_SECRET, "feed")


def review_signer() -> Signer:
    """Return the key of review verdicts: it signs ``infra.kit.canonical.encode(statement)``."""
    return _signer(settings.SEALING_SECRET, "review")


def public_keys() -> list[dict[str, str]]:
    """Return ``[{"key_id", "purpose", "algorithm", "public_key" (base64 of 32 raw bytes)}]``."""
    return [
        {
            "key_id": signer.key_id,
            "purpose": purpose,
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(signer.public_key).decode(),
        }
        for purpose in PURPOSES
        for signer in [_signer(settings.SEALING_SECRET, purpose)]
    ]


def public_key(key_id: str) -> bytes | None:
    """Return the 32 raw bytes of one of our public keys, or None."""
    signers = (_signer(settings.SEALING_SECRET, purpose) for purpose in PURPOSES)
    return next((signer.public_key for signer in signers if signer.key_id == key_id), None)


def document_key() -> x509.DocumentKey:
    """Return the key with which PDF files are signed: a real one where a file is named, else one of our own authority.

    :raises ValueError: the file cannot be opened
    :raises OSError: there is no such file
    """
    return _document_key(settings.PDF_SIGNING_P12, settings.PDF_SIGNING_PASSWORD, settings.SEALING_SECRET, settings.PLATFORM_HOST)


@lru_cache(maxsize=4)
def _document_key(path: str, password: str, secret: str, host: str) -> x509.DocumentKey:
    return x509.from_pkcs12(Path(path), password) if path else x509.self_made(secret, name=f"安学 {host}")
