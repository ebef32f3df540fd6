"""Tracking numbers and codes. A number tells the day and nothing of how many there are; with the code it opens one ticket."""

import hmac
import secrets
from datetime import datetime

from infra.kit import clock
from tenants import keys

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that look alike on paper and sound alike on the phone."""
_TAIL, _CODE = 5, 8


def new_number(at: datetime) -> str:
    """Return ``HD`` + day + five random signs, e.g. ``HD261129K7M3Q``."""
    return f"HD{clock.shanghai_date(at):%y%m%d}" + "".join(secrets.choice(_SIGNS) for _ in range(_TAIL))


def new_code() -> str:
    """Return eight random digits, which are told once and kept nowhere."""
    return f"{secrets.randbelow(10**_CODE):0{_CODE}d}"


def clean_number(text: str) -> str:
    """Return what somebody typed, in capitals and without blanks and dashes; at most 16 signs."""
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())[:16]


def index(number: str, code: str) -> str:
    """Return what is kept of a code: 64 hex digits that say nothing without our secret."""
    return keys.index(f"{number}/{code}", purpose="help-code")


def fits(number: str, code: str, kept: str) -> bool:
    """Whether a code is the right one."""
    digits = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    return len(digits) == _CODE and hmac.compare_digest(index(number, digits), kept)
