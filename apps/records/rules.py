"""Pure rules of the record: how entries are chained."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from infra.kit import canonical

FIRST = bytes(32)
"""What the first entry of a chain names as its predecessor."""


def entry_content(*, subject: UUID, n: int, kind: str, body: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return what an entry says, as JSON; ``at`` in UTC to the microsecond."""
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"subject": str(subject), "n": n, "kind": kind, "body": body, "at": stamp}


def entry_bytes(prev: bytes, *, subject: UUID, n: int, kind: str, body: dict[str, Any], at: datetime) -> bytes:
    """Return the bytes that are hashed: the hash of the entry before, and the canonical content."""
    return prev + canonical.encode(entry_content(subject=subject, n=n, kind=kind, body=body, at=at))


def entry_bytes_said(prev: bytes, *, subject: UUID, n: int, kind: str, said: bytes, at: datetime) -> bytes:
    """Return the same of a body that is in its canonical form already (``said``): for many entries at once, as the database does it."""
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return prev + f'{{"at":"{stamp}","body":'.encode() + said + f',"kind":"{kind}","n":{n},"subject":"{subject}"}}'.encode()


def entry_hash(prev: bytes, *, subject: UUID, n: int, kind: str, body: dict[str, Any], at: datetime) -> bytes:
    """Return the 32 bytes that chain an entry to the one before it."""
    return hashlib.sha256(entry_bytes(prev, subject=subject, n=n, kind=kind, body=body, at=at)).digest()
