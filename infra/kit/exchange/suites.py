"""Which algorithms two platforms agree on (clauses 五.6 and 七.4), and what can be done with a pair of keys.

- ``SM``: SM2 signatures over SM3, content keys wrapped by SM2, fields under SM4-GCM (GB/T 32918, 32905, 32907)
- ``INTERNATIONAL``: Ed25519 over SHA-256, content keys wrapped by X25519 and HKDF, fields under AES-256-GCM
- ``SHARED``: one shared secret: HMAC-SM3 and SM4-GCM, for partners without key pairs

A public key is 64 bytes in both suites: X and Y of SM2, or Ed25519 and X25519 beside each other.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import gmssl_pyx
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from infra.kit import sm2

PUBLIC_BYTES: Final = 64
_NONCE, _TAG, _POINT = 12, 16, 32
_WRAP_LABEL: Final = b"anxue exchange 1 wrap"


class Suite(StrEnum):
    """The agreed algorithms; the value stands in messages as ``signType``."""

    SM = "SM2-SM3"
    INTERNATIONAL = "Ed25519"
    SHARED = "HMAC-SM3"

    @property
    def enc_type(self) -> str:
        """Under what sensitive fields are sealed, as messages name it."""
        return "AES-256-GCM" if self is Suite.INTERNATIONAL else "SM4-GCM"

    @property
    def key_bytes(self) -> int:
        """Length of a content key."""
        return 32 if self is Suite.INTERNATIONAL else 16


class SealBroken(ValueError):
    """It does not open: altered, for somebody else, or no sealed value at all."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What one side knows: its own pair and the other side's public key, or what they share. Never shown by ``repr``.

    ``former_…``: what the other side signed with before, while both count: signatures of either are good, sealed is for the new one alone.
    """

    suite: Suite
    own_private: bytes = field(default=b"", repr=False)
    own_public: bytes = b""
    their_public: bytes = b""
    shared: bytes = field(default=b"", repr=False)
    former_public: bytes = b""
    former_shared: bytes = field(default=b"", repr=False)


def make_pair(suite: Suite) -> tuple[bytes, bytes]:
    """Return (public of 64 bytes, private) of a new pair.

    :raises ValueError: ``SHARED`` has no pairs
    """
    if suite is Suite.SM:
        return sm2.make_key()
    if suite is Suite.SHARED:
        raise ValueError("a shared secret is no pair")
    signing, opening = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    raw = (Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    public += opening.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return public, signing.private_bytes(*raw) + opening.private_bytes(*raw)


def digest(suite: Suite, content: bytes) -> str:
    """Return the digest of some bytes in lower hex: SM3, or SHA-256 of the international suite."""
    if suite is Suite.INTERNATIONAL:
        return hashlib.sha256(content).hexdigest()
    running = Hash(SM3())
    running.update(content)
    return running.finalize().hex()


def sign(keys: Keys, message: bytes) -> bytes:
    """Return a signature with our own key: DER of SM2, 64 bytes of Ed25519, or 32 of HMAC-SM3."""
    if keys.suite is Suite.SM:
        return bytes(gmssl_pyx.sm2_sign(keys.own_private, keys.own_public, message))
    if keys.suite is Suite.SHARED:
        return _mac(keys.shared, message)
    return Ed25519PrivateKey.from_private_bytes(keys.own_private[:_POINT]).sign(message)


def verify(keys: Keys, message: bytes, signature: bytes) -> bool:
    """Say whether the other side signed this, with its key or the former one; what is no signature at all did not."""
    known = ((keys.their_public, keys.shared), (keys.former_public, keys.former_shared))
    return any(_verify(keys.suite, public, shared, message, signature) for public, shared in known)


def _verify(suite: Suite, public: bytes, shared: bytes, message: bytes, signature: bytes) -> bool:
    if suite is Suite.SHARED:
        return bool(shared) and hmac.compare_digest(_mac(shared, message), signature)
    if len(public) != PUBLIC_BYTES:
        return False
    if suite is Suite.SM:
        return sm2.verify(message, signature, public)
    try:
        Ed25519PublicKey.from_public_bytes(public[:_POINT]).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _mac(secret: bytes, message: bytes) -> bytes:
    running = HMAC(secret, SM3())
    running.update(message)
    return running.finalize()


def wrap(keys: Keys, content_key: bytes) -> bytes:
    """Encrypt a content key so that only the other side opens it.

    :raises ValueError: the other side's key is none
    """
    if keys.suite is Suite.SM:
        try:
            return bytes(gmssl_pyx.sm2_encrypt(keys.their_public, content_key))
        except gmssl_pyx.GmsslInnerError as error:
            raise ValueError("no SM2 key") from error
    if keys.suite is Suite.SHARED:
        return _gcm_seal(keys.suite, _shared_key(keys), content_key, _WRAP_LABEL)
    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = once.exchange(X25519PublicKey.from_public_bytes(keys.their_public[_POINT:]))
    return public + _gcm_seal(keys.suite, _agreed(secret, public, keys.their_public[_POINT:]), content_key, _WRAP_LABEL)


def unwrap(keys: Keys, wrapped: bytes) -> bytes:
    """Return the content key that the other side wrapped for us.

    :raises SealBroken: altered, or for somebody else
    """
    if keys.suite is Suite.SM:
        try:
            found = bytes(gmssl_pyx.sm2_decrypt(keys.own_private, wrapped))
        except (gmssl_pyx.GmsslInnerError, ValueError) as error:
            raise SealBroken("content key") from error
    elif keys.suite is Suite.SHARED:
        found = _gcm_open(keys.suite, _shared_key(keys), wrapped, _WRAP_LABEL)
    else:
        found = _opened(keys, wrapped)
    if len(found) != keys.suite.key_bytes:
        raise SealBroken("content key")
    return found


def _opened(keys: Keys, wrapped: bytes) -> bytes:
    public = wrapped[:_POINT]
    try:
        secret = X25519PrivateKey.from_private_bytes(keys.own_private[_POINT:]).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
    except ValueError as error:  # too short, or a point of small order
        raise SealBroken("content key") from error
    return _gcm_open(keys.suite, _agreed(secret, public, keys.own_public[_POINT:]), wrapped[_POINT:], _WRAP_LABEL)


def _agreed(secret: bytes, once: bytes, theirs: bytes) -> bytes:
    """Return the key of one wrapping; both public halves are bound into it (RFC 9180, 7.1)."""
    return HKDF(algorithm=SHA256(), length=32, salt=once + theirs, info=_WRAP_LABEL).derive(secret)


def _shared_key(keys: Keys) -> bytes:
    return HKDF(algorithm=SM3(), length=16, salt=b"anxue", info=_WRAP_LABEL).derive(keys.shared)


def seal(suite: Suite, content_key: bytes, plain: bytes, *, label: bytes) -> bytes:
    """Encrypt fields under a content key: nonce (12), ciphertext, tag (16). ``label`` is authenticated: a value does not move to another record."""
    return _gcm_seal(suite, content_key, plain, label)


def unseal(suite: Suite, content_key: bytes, sealed: bytes, *, label: bytes) -> bytes:
    """Open what :func:`seal` made.

    :raises SealBroken: altered, or of another record or key
    """
    return _gcm_open(suite, content_key, sealed, label)


def _gcm_seal(suite: Suite, key: bytes, plain: bytes, label: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    if suite is Suite.INTERNATIONAL:
        return nonce + AESGCM(key).encrypt(nonce, plain, label)
    sealer = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(label)
    return nonce + sealer.update(plain) + sealer.finalize() + sealer.tag


def _gcm_open(suite: Suite, key: bytes, sealed: bytes, label: bytes) -> bytes:
    if len(sealed) < _NONCE + _TAG:
        raise SealBroken("too short")
    nonce, rest = sealed[:_NONCE], sealed[_NONCE:]
    try:
        if suite is Suite.INTERNATIONAL:
            return AESGCM(key).decrypt(nonce, rest, label)
        opener = Cipher(algorithms.SM4(key), modes.GCM(nonce, rest[-_TAG:])).decryptor()
        opener.authenticate_additional_data(label)
        return opener.update(rest[:-_TAG]) + opener.finalize()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("altered") from error
