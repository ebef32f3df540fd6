"""A device of software behind the functions of GM/T 0018: takes the same arguments as a vendor's library would, by pointer."""

# ruff: noqa: N802, S305 - names of the standard; one block of a random key may be wrapped so

from __future__ import annotations

import os
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ECB, CBC = 0x401, 0x402
KEY_NOT_EXIST, KEY_ERROR, NOT_SUPPORTED, HARD_FAIL = 0x01000008, 0x0100000A, 0x01000002, 0x01000003


class SoftDevice:
    """One internal key encryption key, number 1. ``is_lost``: every call fails; ``open_keys`` counts session keys not yet destroyed."""

    def __init__(self) -> None:
        self._kek, self._numbers = os.urandom(16), count(1)
        self._keys: dict[int, bytes] = {}
        self.sessions: set[int] = set()
        self.is_lost = False

    @property
    def open_keys(self) -> int:
        return len(self._keys)

    def SDF_OpenDevice(self, device: Any) -> int:
        device._obj.value = 4711
        return 0

    def SDF_OpenSession(self, device: Any, session: Any) -> int:
        assert device.value == 4711
        if self.is_lost:
            return HARD_FAIL
        session._obj.value = next(self._numbers)
        self.sessions.add(session._obj.value)
        return 0

    def SDF_CloseSession(self, session: Any) -> int:
        self.sessions.remove(session.value)
        return 0

    def SDF_GenerateKeyWithKEK(self, session: Any, bits: int, algorithm: int, kek: int, blob: Any, size: Any, handle: Any) -> int:
        assert session.value in self.sessions
        if kek != 1:
            return KEY_NOT_EXIST
        if algorithm != ECB or bits != 128:
            return NOT_SUPPORTED
        key = os.urandom(16)
        sealer = Cipher(algorithms.SM4(self._kek), modes.ECB()).encryptor()
        raw = sealer.update(key + key[::-1]) + sealer.finalize()
        assert size._obj.value >= len(raw)
        blob[: len(raw)], size._obj.value = raw, len(raw)
        self._keep(key, handle)
        return 0

    def SDF_ImportKeyWithKEK(self, session: Any, algorithm: int, kek: int, blob: bytes, size: int, handle: Any) -> int:
        assert session.value in self.sessions
        if kek != 1:
            return KEY_NOT_EXIST
        if size != 32:
            return KEY_ERROR
        opener = Cipher(algorithms.SM4(self._kek), modes.ECB()).decryptor()
        plain = opener.update(blob[:size]) + opener.finalize()
        if plain[:16] != plain[:15:-1]:
            return KEY_ERROR
        self._keep(plain[:16], handle)
        return 0

    def SDF_DestroyKey(self, session: Any, handle: Any) -> int:
        del self._keys[handle.value]
        return 0

    def SDF_Encrypt(self, session: Any, handle: Any, algorithm: int, iv: Any, data: bytes, size: int, out: Any, made: Any) -> int:
        return self._crypt(handle, algorithm, iv, data[:size], out, made, encrypt=True)

    def SDF_Decrypt(self, session: Any, handle: Any, algorithm: int, iv: Any, data: bytes, size: int, out: Any, made: Any) -> int:
        return self._crypt(handle, algorithm, iv, data[:size], out, made, encrypt=False)

    def _crypt(self, handle: Any, algorithm: int, iv: Any, data: bytes, out: Any, made: Any, *, encrypt: bool) -> int:
        if algorithm != CBC or len(data) % 16:
            return NOT_SUPPORTED
        cipher = Cipher(algorithms.SM4(self._keys[handle.value]), modes.CBC(iv.raw[:16]))
        worker = cipher.encryptor() if encrypt else cipher.decryptor()
        result = worker.update(data) + worker.finalize()
        out[: len(result)], made._obj.value = result, len(result)
        iv[:16] = os.urandom(16)  # a device leaves its next vector there
        return 0

    def _keep(self, key: bytes, handle: Any) -> None:
        handle._obj.value = next(self._numbers)
        self._keys[handle._obj.value] = key
