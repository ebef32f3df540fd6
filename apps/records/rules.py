"""Pure rules of the record: how entries are chained and certificates numbered."""

import base64
import hashlib
import secrets
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from stdnum.iso7064 import mod_37_36

from infra.kit import canonical

FIRST = bytes(32)
"""What the first entry of a chain names as its predecessor."""
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def entry_content(*, subject: UUID, n: int, kind: str, body: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return what an entry says, as JSON; ``at`` in UTC to the microsecond."""
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"subject": str(subject), "n": n, "kind": kind, "body": body, "at": stamp}


def entry_bytes(prev: bytes, *, subject: UUID, n: int, kind: str, body: dict[str, Any], at: datetime) -> bytes:
    """Return the bytes that are hashed: the hash of the entry before, and the canonical content."""
    return prev + canonical.encode(entry_content(subject=subject, n=n, kind=kind, body=body, at=at))


def entry_hash(prev: bytes, *, subject: UUID, n: int, kind: str, body: dict[str, Any], at: datetime) -> bytes:
    """Return the 32 bytes that chain an entry to the one before it."""
    return hashlib.sha256(entry_bytes(prev, subject=subject, n=n, kind=kind, body=body, at=at)).digest()


def base36(value: int, width: int) -> str:
    """Return ``value`` (>= 0) in capitals to the base of 36, padded with zeros to ``width``."""
    digits = ""
    while value:
        value, rest = divmod(value, 36)
        digits = _BASE36[rest] + digits
    return digits.rjust(width, "0")


def certificate_code() -> str:
    """Return 16 letters and digits that people can type (no 0, 1, 8, 9): 80 random bits, so guessing is hopeless."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def certificate_number(*, division: str, on: date, category: str, enterprise: int, serial: int) -> str:
    """Return e.g. ``AQPX-330106-20261123-CY-000A-0000011``: place, day, category, enterprise, serial and check character.

    The enterprise's number (base 36) keeps numbers apart where two enterprises of one district print on one day; the check
    character is ISO 7064 mod 37,36 over all characters but the hyphens.
    """
    parts = ["AQPX", division, f"{on:%Y%m%d}", category, base36(enterprise, 4), f"{serial:06d}"]
    return "-".join(parts) + str(mod_37_36.calc_check_digit("".join(parts)))


def is_certificate_number(number: str) -> bool:
    """Say whether the check character of ``number`` is right."""
    return bool(mod_37_36.is_valid(number.replace("-", "")))
