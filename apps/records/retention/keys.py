"""The keys of packages: one random key a file, sealed for the enterprise; and the blind indexes by which learners are found again."""

from uuid import UUID

from django.conf import settings

from infra.kit import crypto, streams
from tenants.api import current_site

PURPOSE = "retention"


def new_key() -> tuple[bytes, bytes]:
    """Return a new key, and how it is kept."""
    key = streams.new_key()
    return key, crypto.seal(key, secret=settings.SEALING_SECRET, owner=str(current_site().uuid), purpose=PURPOSE)


def opened(sealed: bytes | memoryview) -> bytes:
    """Return the key of a package of the current enterprise.

    :raises SealBroken: it is another enterprise's
    """
    return crypto.unseal(bytes(sealed), secret=settings.SEALING_SECRET, owner=str(current_site().uuid), purpose=PURPOSE)


def index_of(learner: UUID) -> str:
    """Return the blind index of a learner: without the secret, nobody learns from the manifest who is in which package."""
    return crypto.blind_index(str(learner), secret=settings.SEALING_SECRET, purpose=f"{PURPOSE}/{current_site().uuid}")
