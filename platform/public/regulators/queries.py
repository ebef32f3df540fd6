"""Reads over all enterprises; they run on the platform."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.kit import canonical, clock, signing
from public.regulators.certificates import State, changes_of, state_of
from public.regulators.models import CertificateChange, CertificateListing
from public.regulators.signing import public_key
from tenants.scope import platform_scope

_CODE = re.compile(r"[A-Za-z0-9_-]{8,32}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a stranger learns. ``body`` is the signed JSON object; ``is_genuine`` whether the signature fits it.

    ``state``: what it is worth today; ``changes``: what became of it, by kind; ``corrections``: of what it says or rests on, oldest first.
    """

    code: str
    number: str
    body: dict[str, Any]
    signature: str
    key_id: str
    issued_at: datetime
    is_genuine: bool
    schema: str
    state: State
    changes: dict[str, CertificateChange]
    corrections: list[CertificateChange]

    @property
    def revoked(self) -> CertificateChange | None:
        """Why it was revoked, None where it was not."""
        return self.changes.get(CertificateChange.Kind.REVOKED)

    @property
    def renewed(self) -> CertificateChange | None:
        """Which certificate renewed it, None where none did."""
        return self.changes.get(CertificateChange.Kind.RENEWED)

    @property
    def replaced(self) -> CertificateChange | None:
        """Which certificate of the same person was issued in place of this revoked one, None where none was."""
        return self.changes.get(CertificateChange.Kind.REPLACED)


def certificate(code: str, *, at: datetime | None = None) -> Certificate | None:
    """Return the certificate listed under ``code``, or None; two queries.

    :param at: when it is asked, now if None
    """
    if not _CODE.fullmatch(code):
        return None
    with platform_scope():
        row = CertificateListing.objects.filter(code=code).first()
        all_told = changes_of({code}).get(code, []) if row else []
    if row is None:
        return None
    corrections = [one for one in all_told if one.kind == CertificateChange.Kind.CORRECTED]
    told = {one.kind: one for one in all_told if one.kind != CertificateChange.Kind.CORRECTED}
    state = state_of(changes=set(told), valid_until=row.body.get("valid_until"), on=clock.shanghai_date(at or clock.now()))
    key = public_key(row.key_id)
    genuine = key is not None and signing.verify(canonical.encode(row.body), row.signature, key)
    said = (row.code, row.number, row.body, row.signature, row.key_id, row.issued_at)
    return Certificate(*said, is_genuine=genuine, schema=row.schema_name, state=state, changes=told, corrections=corrections)


def code_of_number(number: str) -> str | None:
    """Return the code of the certificate with this number, or None; one query."""
    with platform_scope():
        return CertificateListing.objects.filter(number=number[:40]).values_list("code", flat=True).first()
