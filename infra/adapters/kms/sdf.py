"""A cryptographic device behind the interface of GM/T 0018-2012 (SDF): the key encryption key stays in the device.

Untested on a device of any vendor: we have none. Tested is the order of calls and every byte of ours against a device of software
(`tests/infra/adapters/soft_device.py`). Codes and types follow the standard; vendors differ in the algorithm identifiers (appendix A), which
may have to be set anew.

Wrapping: ``SDF_GenerateKeyWithKEK`` makes a session key inside the device and gives it out encrypted under the internal key ``kek``; with it SM4 in
CBC encrypts data key and SM3 of (context, data key), so that another context, or an altered byte, is noticed. Layout:
tag (4) + length of the session key's blob (2) + blob + IV (16) + 64 bytes.
"""

import ctypes
import hmac
import os
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash

from infra.adapters.kms.contexts import label_of
from infra.kit.envelope import KEY_BYTES
from infra.kit.ports import KeyRefused
from tenants.errors import Unavailable

TAG = b"SDF1"
SGD_SM4_ECB, SGD_SM4_CBC = 0x00000401, 0x00000402
"""Identifiers of GM/T 0006-2012 for SMS4."""
_KEY_BITS, _IV, _BLOB_MOST, _BODY = 128, 16, 512, 64
Library = Any
"""What `ctypes.CDLL` gives: functions that return 0 or an error code (``SDR_…``)."""


class SdfService:
    """Wraps by one internal key encryption key of a device. One session for each call; devices allow thousands."""

    tag = TAG

    def __init__(self, load: Callable[[], Library], *, kek: int) -> None:
        self.name, self._load, self._kek, self._lock = f"sdf:{kek}", load, kek, Lock()

    @classmethod
    def of_library(cls, path: str, *, kek: int) -> "SdfService":
        """Use the vendor's shared library at ``path``; it is loaded at first use."""
        return cls(lambda: ctypes.CDLL(path), kek=kek)

    def wrap(self, key: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        blob, size, handle = ctypes.create_string_buffer(_BLOB_MOST), ctypes.c_uint(_BLOB_MOST), ctypes.c_void_p()
        with self._session() as (lib, session):
            _told(
                lib.SDF_GenerateKeyWithKEK(
                    session, _KEY_BITS, SGD_SM4_ECB, self._kek, blob, ctypes.byref(size), ctypes.byref(handle)
                )
            )
            with _destroyed(lib, session, handle):
                iv = os.urandom(_IV)
                body = _crypt(lib.SDF_Encrypt, session, handle, iv, key + _digest(context, key))
        return self.tag + struct.pack("!H", size.value) + blob.raw[: size.value] + iv + body

    def unwrap(self, wrapped: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        blob, iv, body = _parts(wrapped.removeprefix(self.tag))
        handle = ctypes.c_void_p()
        with self._session() as (lib, session):
            code = lib.SDF_ImportKeyWithKEK(session, SGD_SM4_ECB, self._kek, blob, len(blob), ctypes.byref(handle))
            if code:
                raise KeyRefused(f"the device does not take this key: {code & 0xFFFFFFFF:#x}")
            with _destroyed(lib, session, handle):
                plain = _crypt(lib.SDF_Decrypt, session, handle, iv, body)
        key, digest = plain[:KEY_BYTES], plain[KEY_BYTES:]
        if not hmac.compare_digest(digest, _digest(context, key)):
            raise KeyRefused("altered, or wrapped for another purpose")
        return key

    @contextmanager
    def _session(self) -> Iterator[tuple[Library, ctypes.c_void_p]]:
        lib, device = self._opened
        session = ctypes.c_void_p()
        _told(lib.SDF_OpenSession(device, ctypes.byref(session)))
        try:
            yield lib, session
        finally:
            lib.SDF_CloseSession(session)

    @cached_property
    def _opened(self) -> tuple[Library, ctypes.c_void_p]:
        with self._lock:
            try:
                lib = self._load()
            except OSError as error:
                raise Unavailable from error
            device = ctypes.c_void_p()
            _told(lib.SDF_OpenDevice(ctypes.byref(device)))
            return lib, device


@contextmanager
def _destroyed(lib: Library, session: ctypes.c_void_p, handle: ctypes.c_void_p) -> Iterator[None]:
    try:
        yield
    finally:
        lib.SDF_DestroyKey(session, handle)


def _crypt(function: Any, session: ctypes.c_void_p, handle: ctypes.c_void_p, iv: bytes, data: bytes) -> bytes:
    out, size = ctypes.create_string_buffer(len(data) + 16), ctypes.c_uint(len(data) + 16)
    vector = ctypes.create_string_buffer(iv, _IV)  # the device writes the next vector into it
    _told(function(session, handle, SGD_SM4_CBC, vector, data, len(data), out, ctypes.byref(size)))
    if size.value != len(data):
        raise KeyRefused("the device gave another length back")
    return out.raw[: size.value]


def _parts(raw: bytes) -> tuple[bytes, bytes, bytes]:
    size = struct.unpack_from("!H", raw)[0] if len(raw) > 2 else 0
    if not size or len(raw) != 2 + size + _IV + _BODY:
        raise KeyRefused("not a wrapped key")
    return raw[2 : 2 + size], raw[2 + size : 2 + size + _IV], raw[-_BODY:]


def _digest(context: Mapping[str, str], key: bytes) -> bytes:
    made = Hash(SM3())
    made.update(label_of(context).encode() + b"\x00" + key)
    return made.finalize()


def _told(code: int) -> None:
    """Raise where the device refused; its codes (``SDR_…``) are in appendix A of the standard."""
    if code:
        raise Unavailable
