"""Ed25519 signatures that strangers can check: feeds, certificates, checkpoints."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.kit import notes


class Signer:
    """Signs bytes with a key derived from a secret; ``key_id`` is the first 16 hex digits of the public key's SHA-256."""

    def __init__(self, secret: str, *, purpose: str) -> None:
        seed = HKDF(algorithm=SHA256(), length=32, salt=b"anxue", info=f"sign/{purpose}".encode()).derive(secret.encode())
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key: bytes = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id: str = hashlib.sha256(self.public_key).hexdigest()[:16]

    def sign(self, message: bytes) -> str:
        """Return the 64-byte signature in standard base64."""
        return base64.b64encode(self._private.sign(message)).decode()


def verify(message: bytes, signature: str, public_key: bytes) -> bool:
    """Say whether ``signature`` (base64) over ``message`` was made with the private half of ``public_key`` (32 raw bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


class NoteKey:
    """An Ed25519 key under a name, for signed notes (`infra.kit.notes`)."""

    kind = notes.ED25519

    def __init__(self, name: str, signer: Signer) -> None:
        self.name, self.public_key, self._signer = name, signer.public_key, signer

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return base64.b64decode(self._signer.sign(message))


@dataclass(frozen=True, slots=True)
class PublicNoteKey:
    """The public half of a :class:`NoteKey`: 32 raw bytes."""

    name: str
    public_key: bytes
    kind: bytes = notes.ED25519

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the signature fits."""
        return verify(message, base64.b64encode(signature).decode(), self.public_key)
