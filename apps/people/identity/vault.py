"""What a face leaves behind, sealed with a key of the person's own; without the key nobody can read it any more (crypto-shredding).

One key for each consent: made with the first picture, destroyed with the withdrawal (0062). The key itself is sealed for the enterprise, so it is
the only thing that a new key of the enterprise seals anew. Values that say version 1 (nonce of 12 bytes, AES-256-GCM) open as before.
"""

import os
import struct
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.people import sealing
from apps.people.identity.models import Identity
from apps.people.identity.rules import Known
from infra.kit import crypto
from infra.kit.envelope import KEY_BYTES
from tenants import keys, storage

KEY = "identity-key"
_VERSION_1, _NONCE = b"\x01", 12
_FEATURE = struct.Struct("<128f")
_PRINT = 32


class Forgotten(Exception):
    """The person's key was destroyed: what was sealed with it is gone for good."""


def key_of(row: Identity) -> bytes:
    """Return the person's key, made on first use; the caller holds the row and saves it.

    :raises SealBroken: sealed for another enterprise
    """
    if not row.key_sealed:
        row.key_sealed = sealing.seal_bytes(os.urandom(KEY_BYTES), KEY)
    return sealing.unseal_bytes(bytes(row.key_sealed), KEY)


def seal(plain: bytes, row: Identity, purpose: str) -> bytes:
    """Seal for one person and one purpose."""
    return keys.person_seal(plain, key=key_of(row), purpose=purpose)


def unseal(sealed: bytes | memoryview, row: Identity, purpose: str) -> bytes:
    """Open what :func:`seal` made.

    :raises Forgotten: the key is gone
    :raises SealBroken: altered, or another person's
    """
    if not row.key_sealed:
        raise Forgotten(purpose)
    raw = bytes(sealed)
    if raw[:1] != _VERSION_1:
        return keys.person_unseal(raw, key=key_of(row), purpose=purpose)
    try:
        return AESGCM(key_of(row)).decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], purpose.encode())
    except InvalidTag as error:
        raise crypto.SealBroken(purpose) from error


def pack(known: Known) -> bytes:
    """Return 544 bytes: 128 little-endian float32 and the 256-bit fingerprint."""
    return _FEATURE.pack(*known.feature) + known.fingerprint.to_bytes(_PRINT, "big")


def unpack(raw: bytes) -> Known:
    """Read what :func:`pack` wrote."""
    return Known(_FEATURE.unpack(raw[: _FEATURE.size]), int.from_bytes(raw[_FEATURE.size :], "big"))


def put(pictures: Sequence[bytes], row: Identity, name: str) -> str:
    """Keep pictures as one sealed file of the enterprise; return its storage name."""
    plain = b"".join(struct.pack("!I", len(picture)) + picture for picture in pictures)
    return default_storage.save(storage.key(f"identity/{name}"), ContentFile(seal(plain, row, "pictures")))


def take(name: str, row: Identity) -> list[bytes]:
    """Return the pictures of a file.

    :raises Forgotten: the key is gone
    :raises FileNotFoundError: so is the file
    """
    with default_storage.open(name) as file:
        return split(file.read(), row)


def split(sealed: bytes, row: Identity) -> list[bytes]:
    """Return the pictures of a sealed file's bytes.

    :raises Forgotten: the key is gone
    """
    plain = unseal(sealed, row, "pictures")
    pictures, at = [], 0
    while at < len(plain):
        (size,) = struct.unpack_from("!I", plain, at)
        pictures.append(plain[at + 4 : at + 4 + size])
        at += 4 + size
    return pictures


def drop(*names: str) -> None:
    """Delete files; one that is not there is no trouble."""
    for name in filter(None, names):
        default_storage.delete(name)


def shred(row: Identity) -> None:
    """Destroy the person's key and the template; the caller saves the row and drops the files."""
    row.key_sealed = row.template_sealed = b""
    row.photo = row.provider = row.trust = ""
    row.enrolled_at = row.locked_until = None
