"""The keys of packages: one random key a file, sealed for the enterprise; and the blind indexes by which learners are found again."""

from uuid import UUID

from infra.kit import streams
from tenants import keys
from tenants.api import current_site

PURPOSE = "retention"


def new_key() -> tuple[bytes, bytes]:
    """Return a new key, and how it is kept."""
    key = streams.new_key()
    return key, keys.seal(key, purpose=PURPOSE)


def opened(sealed: bytes | memoryview) -> bytes:
    """Return the key of a package of the current enterprise.

    :raises SealBroken: it is another enterprise's
    """
    return keys.unseal(sealed, purpose=PURPOSE)


def index_of(learner: UUID) -> str:
    """Return the blind index of a learner: without the secret, nobody learns from the manifest who is in which package."""
    return keys.index(str(learner), purpose=f"{PURPOSE}/{current_site().uuid}")
