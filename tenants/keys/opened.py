"""Data keys that are open in this process. The key service is asked once for each key in a quarter of an hour, never for a row."""

import logging
import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from infra.kit.crypto import SealBroken
from infra.kit.envelope import Key
from infra.kit.errors import DomainError
from infra.kit.ports import KMS, KeyRefused
from tenants.keys import making
from tenants.keys.models import DataKey

log = logging.getLogger("anxue.keys")
OPEN_S, GRACE_S = 900.0, 3600.0
"""How long an opened key is used without asking again, and how long more while the key service does not answer."""
_MOST_OWNERS = 2000


@dataclass(slots=True)
class _Ring:
    """One owner's keys as the database has them."""

    current: int
    wrapped: dict[int, bytes]
    until: float


@dataclass(slots=True)
class _Opened:
    key: Key
    until: float


class _Cache:
    def __init__(self) -> None:
        self.lock = Lock()
        self.rings: dict[str, _Ring] = {}
        self.open: dict[bytes, _Opened] = {}

    def forget(self, owner: str | None = None) -> None:
        with self.lock:
            if owner:
                self.rings.pop(owner, None)
            else:
                self.rings.clear()
                self.open.clear()

    def keep(self, owner: str, ring: _Ring) -> None:
        with self.lock:
            if len(self.rings) >= _MOST_OWNERS:
                self.rings.clear()
                self.open.clear()
            self.rings[owner] = ring

    def sweep(self, now: float) -> None:
        """Let go of keys that nobody has used for long. The lock is held."""
        for wrapped in [wrapped for wrapped, one in self.open.items() if one.until + GRACE_S < now]:
            del self.open[wrapped]


_cache = _Cache()


def current(owner: str) -> Key:
    """Return the key that seals now; the first one is made where there is none.

    :raises DomainError: 503 ``unavailable``
    """
    ring = _ring(owner)
    if not ring.wrapped:
        making.make(owner, 1)
        ring = _ring(owner)
    return _key(owner, ring.current, ring)


def key(owner: str, number: int) -> Key:
    """Return a key by its number; one that this process does not know yet is looked up.

    :raises SealBroken: the owner has no such key, or the key service does not open it any more
    :raises DomainError: 503 ``unavailable``
    """
    ring = _ring(owner)
    if number not in ring.wrapped:
        forget(owner)
        ring = _ring(owner)
        if number not in ring.wrapped:
            raise SealBroken(f"{owner} has no key {number}")
    try:
        return _key(owner, number, ring)
    except KeyRefused as error:
        log.error("the key service refuses key %s of %s: %s", number, owner, error)
        raise SealBroken(f"key {number} of {owner} is refused") from error


def forget(owner: str | None = None) -> None:
    """Forget what the database has for one owner; without one forget everything, opened keys too."""
    _cache.forget(owner)


def fresh_s() -> float:
    """Return for how many seconds a process may go on with the key it knows: until then values under the old one may come."""
    return float(settings.KEYS_FRESH_S)


def _ring(owner: str) -> _Ring:
    now = time.monotonic()
    known = _cache.rings.get(owner)
    if known is not None and known.until > now:
        return known
    wrapped = _wrapped(owner)
    found = _Ring(max(wrapped, default=0), wrapped, now + fresh_s())
    if wrapped:  # one without keys is looked up again: its first may be made at any moment
        _cache.keep(owner, found)
    return found


def _wrapped(owner: str) -> dict[int, bytes]:
    return {row.number: bytes(row.wrapped) for row in DataKey.objects.filter(owner=owner).only("number", "wrapped")}


def _key(owner: str, number: int, ring: _Ring) -> Key:
    now, wrapped = time.monotonic(), ring.wrapped[number]
    known = _cache.open.get(wrapped)
    if known is not None and known.until > now:
        return known.key
    try:
        secret = KMS.get().unwrap(wrapped, context=making.context(owner, number))
    except DomainError:
        if known is None or known.until + GRACE_S < now:
            raise
        log.warning("the key service does not answer: keys opened before are used on")
        known.until = min(now + 30, known.until + GRACE_S)
        return known.key
    found = _Opened(Key(number, secret), now + OPEN_S)
    with _cache.lock:
        _cache.sweep(now)
        _cache.open[wrapped] = found
    return found.key
