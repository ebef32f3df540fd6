"""Signatures with SM2 and SM3 (GB/T 32918.2) by GmSSL; never by the pure Python `gmssl` (decision 0015).

Keys are made, not derived: the library tells no public key from a private one. A public key is X and Y, 64 bytes; a private one 32. Signatures
are ASN.1 DER of (r, s), over SM3 of the signer's id (``1234567812345678``, GM/T 0009) and the message.
"""

from dataclasses import dataclass

import gmssl_pyx

from infra.kit import notes


def make_key() -> tuple[bytes, bytes]:
    """Return (public, private) of a new key."""
    public, private = gmssl_pyx.sm2_key_generate()
    return bytes(public), bytes(private)


@dataclass(frozen=True, slots=True)
class PublicNoteKey:
    """An SM2 key that checks notes."""

    name: str
    public_key: bytes
    kind: bytes = notes.SM2

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the signature fits; what is no signature at all does not."""
        return verify(message, signature, self.public_key)


class NoteKey:
    """An SM2 key that signs notes under a name."""

    kind = notes.SM2

    def __init__(self, name: str, public: bytes, private: bytes) -> None:
        self.name, self.public_key, self._private = name, public, private

    def sign(self, message: bytes) -> bytes:
        """Return the DER of a signature; another one each time."""
        return bytes(gmssl_pyx.sm2_sign(self._private, self.public_key, message))


def verify(message: bytes, signature: bytes, public: bytes) -> bool:
    """Say whether a DER signature over ``message`` was made with the private half of ``public`` (64 bytes)."""
    try:
        return bool(gmssl_pyx.sm2_verify(public, message, signature))
    except gmssl_pyx.GmsslInnerError:  # no key, or no signature at all
        return False
