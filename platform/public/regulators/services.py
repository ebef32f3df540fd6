"""Writes: one record for the feed, one listing of a certificate. Always inside the transaction that made them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from infra.kit import clock
from public.regulators.models import CertificateListing, FeedRecord

_LEDGER_NAMES = {"STUDY_SESSION": FeedRecord.Kind.SESSION}
"""Names of the enterprise's ledger that differ from those of clause 七.1."""


def submit(*, kind: str, subject: UUID, body: dict[str, Any], at: datetime, schema_name: str = "") -> None:
    """Add one record to the authority's feed in the caller's transaction, standing in the enterprise, or on the platform about one.

    :param kind: ``LEARNER``, ``SESSION`` (or ``STUDY_SESSION``), ``EXAM``, ``CERTIFICATE`` (clause 七.1)
    :param subject: uuid of the learner it is about
    :param body: JSON values without unmasked identity numbers
    :param schema_name: the enterprise, where the platform writes; the database refuses another's from within an enterprise
    :raises ValueError: an unknown kind
    """
    known = FeedRecord.Kind(_LEDGER_NAMES.get(kind, kind))
    named = {"schema_name": schema_name} if schema_name else {}
    FeedRecord.objects.create(kind=known, subject=subject, body=body, day=clock.shanghai_date(at), at=at, **named)


def submit_many(*, kind: str, bodies: Sequence[tuple[UUID, dict[str, Any]]], at: datetime) -> None:
    """Add many records of one kind at once, in the caller's transaction: ``bodies`` is (subject, body) each.

    :raises ValueError: an unknown kind
    """
    known, day = FeedRecord.Kind(_LEDGER_NAMES.get(kind, kind)), clock.shanghai_date(at)
    FeedRecord.objects.bulk_create(
        [FeedRecord(kind=known, subject=subject, body=body, day=day, at=at) for subject, body in bodies], batch_size=1000
    )


def list_certificate(*, code: str, number: str, body: dict[str, Any], signature: str, key_id: str, at: datetime) -> None:
    """Make a certificate findable by its code, in the caller's transaction, standing in the enterprise.

    :param body: what strangers may see: masked name, course, hours, date, issuer; the signature covers its canonical form
    :raises IntegrityError: the code or number exists
    """
    CertificateListing.objects.create(code=code, number=number, body=body, signature=signature, key_id=key_id, issued_at=at)
