"""Sealed values that say which key opens them (clause 五.1); version 2 of what `infra.kit.crypto` made from one secret.

Layout: ``\\x02`` + algorithm (1 byte) + key number (4, big endian) + nonce (12) + ciphertext and tag (16). The first six bytes are the
header: who looks for values under an old key compares them and opens nothing.

A data key is 32 random bytes. For each algorithm and label (whose value, what for) a key of its own is derived by HKDF, so a value copied
into another enterprise's row, or another column, does not open there. Header and label are authenticated.
"""

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from infra.kit.crypto import SealBroken

AES_256_GCM: Final = 1
SM4_GCM: Final = 2
ALGORITHMS: Mapping[str, int] = {"AES-256-GCM": AES_256_GCM, "SM4-GCM": SM4_GCM}
"""By the names that the setting ``SEALING_ALGORITHM`` takes. SM4 (GB/T 32907) derives its keys with SM3, AES with SHA-256."""
NAMES: Mapping[int, str] = {number: name for name, number in ALGORITHMS.items()}
VERSION: Final = 2
KEY_BYTES: Final = 32
HEADER_BYTES: Final = 6
_HEADER = struct.Struct("!BBI")
_NONCE, _TAG = 12, 16
_MOST_LABELS = 2048
"""Labels whose ciphers one key remembers; films have one each."""


class _Sealer(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class _Sm4Gcm:
    """SM4 in GCM, with the two methods of `AESGCM`."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        sealer = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        sealer.authenticate_additional_data(associated_data)
        return sealer.update(data) + sealer.finalize() + sealer.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        if len(data) < _TAG:
            raise InvalidTag
        opener = Cipher(self._algorithm, modes.GCM(nonce, data[-_TAG:])).decryptor()
        opener.authenticate_additional_data(associated_data)
        return opener.update(data[:-_TAG]) + opener.finalize()


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed value says of itself."""

    algorithm: int
    number: int


def header_of(sealed: bytes) -> Header | None:
    """Return the header of a value, or None for one of version 1, which has none.

    :raises SealBroken: neither
    """
    if sealed[:1] == b"\x01":
        return None
    if len(sealed) < HEADER_BYTES + _NONCE + _TAG or sealed[0] != VERSION or sealed[1] not in NAMES:
        raise SealBroken("header")
    _version, algorithm, number = _HEADER.unpack_from(sealed)
    return Header(algorithm, number)


def sealed_bytes(plain: int) -> int:
    """Return how long a value of so many bytes is once it is sealed."""
    return HEADER_BYTES + _NONCE + plain + _TAG


def header_bytes(algorithm: int, number: int) -> bytes:
    """Return the six bytes with which every value under this algorithm and key begins."""
    return _HEADER.pack(VERSION, algorithm, number)


class Key:
    """One opened data key. Keeps the ciphers it has derived, so that sealing costs microseconds; safe for threads."""

    __slots__ = ("_ciphers", "_secret", "number")

    def __init__(self, number: int, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError("a data key has 32 bytes")
        self.number, self._secret = number, secret
        self._ciphers: dict[tuple[int, str], _Sealer] = {}

    @property
    def mark(self) -> str:
        """Eight hex digits that are other ones for another key and tell nothing about it."""
        return HKDF(algorithm=SHA256(), length=4, salt=b"anxue", info=b"mark").derive(self._secret).hex()

    def seal(self, plain: bytes, *, label: str, algorithm: int) -> bytes:
        """Encrypt for one label, e.g. ``<enterprise's uuid>/learner-id``."""
        nonce, header = os.urandom(_NONCE), header_bytes(algorithm, self.number)
        return header + nonce + self._cipher(algorithm, label).encrypt(nonce, plain, header + label.encode())

    def unseal(self, sealed: bytes, *, label: str) -> bytes:
        """Decrypt what :meth:`seal` made with this key and label.

        :raises SealBroken: altered, or made with another key or label
        """
        found = header_of(sealed)
        if found is None or found.number != self.number:
            raise SealBroken(label)
        start = HEADER_BYTES + _NONCE
        cipher = self._cipher(found.algorithm, label)
        try:
            return cipher.decrypt(sealed[HEADER_BYTES:start], sealed[start:], sealed[:HEADER_BYTES] + label.encode())
        except InvalidTag as error:
            raise SealBroken(label) from error

    def _cipher(self, algorithm: int, label: str) -> _Sealer:
        known = self._ciphers.get((algorithm, label))
        if known is None:
            if len(self._ciphers) >= _MOST_LABELS:
                self._ciphers.clear()
            known = self._ciphers[algorithm, label] = _derived(self._secret, algorithm, label)
        return known


def _derived(secret: bytes, algorithm: int, label: str) -> _Sealer:
    info = f"v2/{NAMES[algorithm]}/{label}".encode()
    if algorithm == SM4_GCM:
        return _Sm4Gcm(HKDF(algorithm=SM3(), length=16, salt=b"anxue", info=info).derive(secret))
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=b"anxue", info=info).derive(secret))
