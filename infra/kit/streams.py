"""Files of any size, encrypted in chunks: memory stays flat, and nothing of a chunk is shown before it is known to be whole (clause 五.1).

``AXS1`` + 7 random bytes, then chunks of at most 1 MiB, each AES-256-GCM (16 bytes longer). The nonce of a chunk is the 7 bytes, its number
(4 bytes) and 1 for the last one, 0 for the others (the STREAM construction), so that chunks cannot be swapped, left out or cut off.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.kit.crypto import SealBroken

MAGIC = b"AXS1"
CHUNK = 1 << 20
_PREFIX, _TAG = 7, 16


def new_key() -> bytes:
    """Return 32 random bytes: one key a file."""
    return AESGCM.generate_key(256)


def seal(source: BinaryIO, target: BinaryIO, *, key: bytes) -> None:
    """Read ``source`` to its end and write it encrypted."""
    prefix = os.urandom(_PREFIX)
    target.write(MAGIC + prefix)
    cipher, number = AESGCM(key), 0
    chunk = source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        target.write(cipher.encrypt(_nonce(prefix, number, is_last=not following), chunk, MAGIC))
        if not following:
            return
        chunk, number = following, number + 1


def unseal(source: BinaryIO, *, key: bytes) -> Iterator[bytes]:
    """Yield the plain chunks of what :func:`seal` wrote; whoever needs the whole file must reach the end.

    :raises SealBroken: altered, cut off, or of another key
    """
    head = source.read(len(MAGIC) + _PREFIX)
    if len(head) != len(MAGIC) + _PREFIX or not head.startswith(MAGIC):
        raise SealBroken("no sealed stream")
    prefix, cipher, number = head[len(MAGIC) :], AESGCM(key), 0
    chunk = source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, is_last=not following), chunk, MAGIC)
        except InvalidTag as error:
            raise SealBroken(f"chunk {number}") from error
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])
