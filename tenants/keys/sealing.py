"""Sealing and opening with the data keys of an owner. Microseconds, unless the key is not yet open in this process."""

from django.conf import settings

from infra.kit import crypto, envelope
from tenants.keys import opened
from tenants.keys.owners import here


def algorithm() -> int:
    """Return the algorithm of new values, by the setting ``SEALING_ALGORITHM``."""
    return envelope.ALGORITHMS[settings.SEALING_ALGORITHM]


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Seal for the place one stands in and one purpose.

    :param purpose: what it is, e.g. ``learner-id``; opens under the same purpose only
    :raises NoScope: standing nowhere
    :raises DomainError: 503 ``unavailable``, the key is not open here and the key service does not answer
    """
    whose = here()
    return opened.current(whose).seal(plain, label=f"{whose}/{purpose}", algorithm=algorithm())


def unseal(sealed: bytes | memoryview, *, purpose: str, owner: str | None = None) -> bytes:
    """Open what :func:`seal` made, or a value of version 1.

    :param owner: ``PLATFORM`` for what the platform sealed; by default the place one stands in
    :raises SealBroken: altered, or another owner's or purpose's
    :raises NoScope: standing nowhere
    :raises DomainError: 503 ``unavailable``, as above
    """
    whose, raw = owner or here(), bytes(sealed)
    header = envelope.header_of(raw)
    if header is None:
        return crypto.unseal(raw, secret=settings.SEALING_SECRET, owner=whose, purpose=purpose)
    return opened.key(whose, header.number).unseal(raw, label=f"{whose}/{purpose}")


def person_seal(plain: bytes, *, key: bytes, purpose: str) -> bytes:
    """Seal with a person's own key of 32 bytes: who destroys the key has destroyed everything (crypto-shredding)."""
    return envelope.Key(0, key).seal(plain, label=f"person/{purpose}", algorithm=algorithm())


def person_unseal(sealed: bytes | memoryview, *, key: bytes, purpose: str) -> bytes:
    """Open what :func:`person_seal` made.

    :raises SealBroken: altered, or another person's
    """
    return envelope.Key(0, key).unseal(bytes(sealed), label=f"person/{purpose}")


def index(value: str, *, purpose: str) -> str:
    """Return the blind index of a value: 64 hex digits, equal for equal values everywhere. Its key is its own (``INDEX_SECRET``) and stays (0062)."""
    return crypto.blind_index(value, secret=settings.INDEX_SECRET, purpose=purpose)
