"""An authority's account and its API key."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from public.audit import api as audit
from public.operators.api import open_credential
from public.regulators.models import Regulator

_KEY_PREFIX = "axr_"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who looks: an organisation and the prefix of the divisions it answers for."""

    id: int
    credential_id: int
    name: str
    organisation: str
    division_prefix: str
    api_key_made_at: datetime | None


@transaction.atomic
def open_regulator(
    *, login: str, name: str, password: str, organisation: str, division_prefix: str, at: datetime, totp_secret: str = ""
) -> int:
    """Create an authority's account and return its id; signs in at the desk with password and one-time code.

    :param division_prefix: 2, 4 or 6 digits
    :raises DomainError: ``login_taken``
    :raises IntegrityError: the prefix is not digits of that length
    """
    credential = open_credential(login=login, name=name, password=password, at=at, totp_secret=totp_secret)
    return Regulator.objects.create(credential=credential, organisation=organisation, division_prefix=division_prefix).pk


@transaction.atomic
def new_api_key(*, regulator_id: int, at: datetime, ip: str | None = None) -> str:
    """Make a key for the feed and return it: it is never shown again, and the former one stops working.

    :raises Regulator.DoesNotExist: there is no such account
    """
    key = _KEY_PREFIX + secrets.token_urlsafe(32)
    row = Regulator.objects.select_for_update().get(pk=regulator_id)
    row.api_key_hash, row.api_key_made_at = _hash(key), at
    row.save(update_fields=["api_key_hash", "api_key_made_at"])
    audit.record("regulator.key_made", actor=f"credential:{row.credential_id}", target=f"regulator:{row.pk}", at=at, ip=ip)
    return key


def authority_of(*, credential_id: int) -> Authority | None:
    """Return the authority behind a credential, or None."""
    return _view(Regulator.objects.select_related("credential").filter(credential_id=credential_id).first())


def authority_by_key(key: str) -> Authority | None:
    """Return the authority whose key this is, or None. Only the hash is kept; 256 random bits need no salt."""
    rows = Regulator.objects.select_related("credential").filter(api_key_hash=_hash(key), credential__is_active=True)
    return _view(rows.first())


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _view(row: Regulator | None) -> Authority | None:
    if row is None:
        return None
    return Authority(row.pk, row.credential_id, row.credential.name, row.organisation, row.division_prefix, row.api_key_made_at)
