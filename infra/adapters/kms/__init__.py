"""Who keeps the master key, by ``KMS_URL``.

- ``file:///path/key-ring.json``: a key ring on this machine
- ``aws://KEY:SECRET@region/alias/name?endpoint=https://…``: AWS KMS; without KEY and SECRET the machine's own role is used
- ``sdf:///path/of/libsdf.so?key=1``: a cryptographic device by GM/T 0018
- empty: one master key derived from ``SEALING_SECRET``
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from infra.adapters.kms.aws import AwsService
from infra.adapters.kms.ring import RingService, SecretService
from infra.adapters.kms.sdf import SdfService
from infra.kit.ports import KeyRefused, KeyService


class _Tagged(KeyService, Protocol):
    tag: bytes


class Moving:
    """Wraps with the service in use and unwraps with whichever made it, by its tag: how one moves from one service to another."""

    def __init__(self, current: _Tagged, *former: _Tagged) -> None:
        self._current, self._all = current, (current, *former)

    @property
    def name(self) -> str:
        """The name of the service in use."""
        return self._current.name

    def wrap(self, key: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        return self._current.wrap(key, context=context)

    def unwrap(self, wrapped: bytes, *, context: Mapping[str, str]) -> bytes:
        """See `KeyService`."""
        refusal = KeyRefused("wrapped by a key service that is named neither in KMS_URL nor in KMS_FORMER_URL")
        for service in self._all:
            if wrapped.startswith(service.tag):
                try:
                    return service.unwrap(wrapped, context=context)
                except KeyRefused as error:  # of the same kind, but not the one: two regions, two files
                    refusal = error
        raise refusal


def service_of(url: str, *, former_url: str, secret: str, algorithm: int) -> Moving:
    """Return the key service of the settings. A key derived from the secret can always be unwrapped: it came first."""
    by_secret = SecretService(secret, algorithm=algorithm)
    former = [_one(former_url, algorithm)] if former_url else []
    return Moving(_one(url, algorithm) if url else by_secret, by_secret, *former)


def _one(url: str, algorithm: int) -> _Tagged:
    parts, path = urlsplit(url), unquote(urlsplit(url).path)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "file" and path:
        return RingService(Path(path), algorithm=algorithm)
    if parts.scheme == "aws" and parts.hostname and path.strip("/"):
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return AwsService(
            key=path.strip("/"),
            region=parts.hostname,
            access_key=user,
            secret_key=password,
            endpoint=query.get("endpoint", ""),
        )
    if parts.scheme == "sdf" and path:
        return SdfService.of_library(path, kek=int(query.get("key", "1")))
    raise ValueError("KMS_URL must be file:///path, aws://region/key or sdf:///library?key=1")
