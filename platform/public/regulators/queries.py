"""Reads over all enterprises; they run on the platform."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.kit import canonical, signing
from public.regulators.models import CertificateListing
from public.regulators.signing import public_key
from tenants.scope import platform_scope

_CODE = re.compile(r"[A-Za-z0-9_-]{8,32}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a stranger learns. ``body`` is the signed JSON object; ``is_genuine`` whether the signature fits it."""

    code: str
    number: str
    body: dict[str, Any]
    signature: str
    key_id: str
    issued_at: datetime
    is_genuine: bool
    schema: str


def certificate(code: str) -> Certificate | None:
    """Return the certificate listed under ``code``, or None."""
    if not _CODE.fullmatch(code):
        return None
    with platform_scope():
        row = CertificateListing.objects.filter(code=code).first()
    if row is None:
        return None
    key = public_key(row.key_id)
    genuine = key is not None and signing.verify(canonical.encode(row.body), row.signature, key)
    return Certificate(row.code, row.number, row.body, row.signature, row.key_id, row.issued_at, genuine, row.schema_name)
