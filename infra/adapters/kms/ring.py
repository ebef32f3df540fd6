"""A key ring on this machine: master keys in one file that only its owner reads. For the demo and for a single machine.

The file is JSON: ``{"current": 2, "keys": {"1": "<base64 of 32 bytes>", "2": …}}``. Old master keys stay, so that what they wrapped opens.
Who copies file and database together has everything: keep them apart, or use a key service that lets no key out.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from infra.adapters.kms.contexts import label_of
from infra.kit import envelope
from infra.kit.crypto import SealBroken
from infra.kit.ports import KeyRefused

TAG = b"RNG1"


class NoRing(Exception):
    """The key file is missing or is none. Nothing is made in its place: data sealed under the lost one would be lost with it."""


class RingService:
    """Wraps with the current master key of a ring; unwraps with any."""

    tag = TAG

    def __init__(self, path: Path, *, algorithm: int) -> None:
        self._path, self._algorithm = path, algorithm

    @property
    def name(self) -> str:
        """``file:``, the number of the current master key, and eight digits that tell it from that of another ring."""
        number, keys = self._ring()
        return f"file:{number}:{keys[number].mark}"

    def wrap(self, key: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        current, keys = self._ring()
        return self.tag + keys[current].seal(key, label=label_of(context), algorithm=self._algorithm)

    def unwrap(self, wrapped: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        body = wrapped.removeprefix(self.tag)
        try:
            header = envelope.header_of(body)
            master = self._ring()[1].get(header.number) if header else None
            if master is None:
                raise KeyRefused("no such master key in the ring")
            return master.unseal(body, label=label_of(context))
        except SealBroken as error:
            raise KeyRefused("altered, or wrapped for another purpose") from error

    def _ring(self) -> tuple[int, dict[int, envelope.Key]]:
        try:
            stamp = self._path.stat().st_mtime_ns
        except OSError as error:
            raise NoRing(
                f"no key ring at {self._path}: put it back from its copy, or make one with `manage.py key_ring`"
            ) from error
        return _read(self._path, stamp)


class SecretService(RingService):
    """One master key out of the platform's secret, for installations that name no key service."""

    tag = b"SEC1"

    def __init__(self, secret: str, *, algorithm: int) -> None:
        super().__init__(Path(), algorithm=algorithm)
        derived = HKDF(algorithm=SHA256(), length=32, salt=b"anxue", info=b"master key").derive(secret.encode())
        self._only = (0, {0: envelope.Key(0, derived)})

    @property
    def name(self) -> str:
        """Say where the key comes from."""
        return "secret"

    def _ring(self) -> tuple[int, dict[int, envelope.Key]]:
        return self._only


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> tuple[int, dict[int, envelope.Key]]:
    try:
        found = json.loads(path.read_text())
        keys = {int(number): envelope.Key(int(number), base64.b64decode(text)) for number, text in found["keys"].items()}
        return int(found["current"]), {int(found["current"]): keys[int(found["current"])], **keys}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise NoRing(f"{path} is no key ring") from error


def ensure(path: Path) -> Path:
    """Make a ring with one master key unless there is one."""
    if not path.exists():
        _write(path, {"current": 1, "keys": {"1": _fresh()}})
    return path


def add_master(path: Path) -> int:
    """Add a master key and make it the current one; returns its number. Old data keys open as before and are wrapped anew by `rotate_keys --master`.

    :raises NoRing: there is no ring to add to
    """
    try:
        found = json.loads(path.read_text())
        number = 1 + max(int(known) for known in found["keys"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoRing(f"{path} is no key ring") from error
    _write(path, {"current": number, "keys": {**found["keys"], str(number): _fresh()}})
    return number


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(envelope.KEY_BYTES)).decode()


def _write(path: Path, ring: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
        json.dump(ring, handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
