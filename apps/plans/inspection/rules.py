"""Pure rules of inspections."""

import hashlib
import secrets
from datetime import date, timedelta

MOST_DAYS = 7
"""A link lives at most a week: an inspection takes a day or two, and a forgotten link must not stay a door."""
KEPT = timedelta(days=7)
"""How long a package lies in the object store."""
USUAL_PERIOD = timedelta(days=365)
"""Yearly refreshers are what an inspector asks for first (国家安全监管总局令第3号 arts. 9, 13)."""
_TOKEN_BYTES = 24
MOST_YEARS = 3
"""Enterprises keep training records for three years (国家安全监管总局令第3号)."""


def new_token() -> str:
    """Return a secret of 192 random bits, as it stands in a link."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what is kept of a secret; it is random, so that one round without salt cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def period_allowed(since: date, until: date, *, today: date) -> bool:
    """Say whether an inspector may be shown this period: not in the future, not turned round, at most three years."""
    return since <= until <= today and (until - since).days <= MOST_YEARS * 366
