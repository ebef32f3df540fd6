"""A key service that counts, and values as they lay in the database before there were data keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from infra.kit import crypto
from infra.kit.ports import KMS, KeyService
from tenants.errors import Unavailable
from tenants.keys import opened, owners


class Counting:
    """The real key service, with every call counted; while ``is_away`` it does not answer."""

    def __init__(self, behind: KeyService) -> None:
        self._behind, self.calls, self.is_away = behind, Counter[str](), False

    @property
    def name(self) -> str:
        return self._behind.name

    def wrap(self, key: bytes, *, context: Mapping[str, str]) -> bytes:
        self._count("wrap")
        return self._behind.wrap(key, context=context)

    def unwrap(self, wrapped: bytes, *, context: Mapping[str, str]) -> bytes:
        self._count("unwrap")
        return self._behind.unwrap(wrapped, context=context)

    def _count(self, call: str) -> None:
        self.calls[call] += 1
        if self.is_away:
            raise Unavailable


@contextmanager
def counted() -> Iterator[Counting]:
    """Put a counter before the key service, in a process that has opened no key yet."""
    real = KMS.get()
    counter = Counting(real)
    KMS.plug(counter)
    opened.forget()
    try:
        yield counter
    finally:
        KMS.plug(real)
        opened.forget()


def version_1(plain: bytes, purpose: str) -> bytes:
    """Seal as it was done before data keys."""
    return crypto.seal(plain, secret=settings.SEALING_SECRET, owner=owners.here(), purpose=purpose)
