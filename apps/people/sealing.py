"""Personal data of the current enterprise: sealed for it alone, opened only where needed (clause 五.1)."""

from tenants import keys

ID, MOBILE, ROSTER = "learner-id", "learner-mobile", "import-file"


def seal(plain: str, purpose: str) -> bytes:
    """Seal a text for the current enterprise and one purpose."""
    return seal_bytes(plain.encode(), purpose)


def unseal(sealed: bytes | memoryview, purpose: str) -> str:
    """Open a text sealed by :func:`seal`.

    :raises SealBroken: it was altered, or belongs to another enterprise or purpose
    """
    return unseal_bytes(bytes(sealed), purpose).decode()


def seal_bytes(plain: bytes, purpose: str) -> bytes:
    """Seal a file for the current enterprise."""
    return keys.seal(plain, purpose=purpose)


def unseal_bytes(sealed: bytes, purpose: str) -> bytes:
    """Open a file sealed by :func:`seal_bytes`."""
    return keys.unseal(sealed, purpose=purpose)
