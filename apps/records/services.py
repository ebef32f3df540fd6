"""Writes: entries and certificates. Nothing here changes what is already there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.records import rules
from apps.records.locks import hold
from apps.records.models import Certificate, LedgerEntry
from apps.records.queries import certificate_view
from apps.records.sealing import ringing
from apps.records.shapes import CertificateFacts, CertificateView, EntryView
from infra.kit import canonical, clock, identity
from public.regulators import api as regulators
from tenants.api import current_site

PLATFORM_NAME = "安学 · 安全生产网络培训平台"
_APPEND = "SELECT entry, number, digest FROM public.ledger_append(%s, %s, %s, %s)"
"""Lock, read the last entry, hash and write in one round trip; the bytes it hashes are those of `rules.entry_bytes`."""
_BEGIN = """
INSERT INTO records_ledgerentry (subject, n, kind, body, at, prev, hash)
SELECT t.subject, 1, %s, t.body::jsonb, %s, %s, t.hash FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS t (subject, body, hash)
"""
_AT_ONCE = 1_000
_FEED = {
    **dict.fromkeys(("STUDY_SESSION", "PROOF", "VOID", "CORRECTION", "CLASS", "QUIZ"), "SESSION"),
    "EXAM": "EXAM",
    "CERTIFICATE": "CERTIFICATE",
}
"""Entries that the authority gets, by its own names (clause 七.1): proofs, voids, corrections, offline classes and quizzes belong to the
learning process; only the correction of a score belongs to exams."""


@transaction.atomic
def append_entry(*, kind: str, subject: UUID, body: dict[str, Any], at: datetime) -> EntryView:
    """Add one fact to a learner's chain and, where clause 七.1 asks for it, to the authority's feed; both or neither.

    :param kind: a value of `LedgerEntry.Kind`
    :param body: JSON object without unmasked identity numbers and without floats that are not numbers
    :raises ValueError: an unknown kind
    """
    kind = LedgerEntry.Kind(kind).value
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [subject, kind, canonical.encode(body).decode(), at])
        entry, n, digest = cursor.fetchone()
    if told := _feed_kind(kind, body):
        regulators.submit(kind=told, subject=subject, body=body, at=at)
    transaction.on_commit(ringing.ring)
    return EntryView(entry, n, kind, body, at, bytes(digest).hex())


def _feed_kind(kind: str, body: dict[str, Any]) -> str:
    """Return the authority's name for an entry, "" for one that it does not get; a correction goes where the corrected entry went."""
    if body.get("event") == "score_correction":
        return "EXAM"
    if body.get("event") == "entry_correction":
        return _FEED.get(body["corrects"]["kind"], "")
    return _FEED.get(kind, "")


@transaction.atomic
def append_first(*, kind: str, bodies: Sequence[tuple[UUID, dict[str, Any]]], at: datetime) -> None:
    """Begin the chains of many new subjects at once, of which nobody else can know yet: one statement for a thousand.

    :param bodies: (subject, body) each; kinds that the authority gets go through :func:`append_entry`
    :raises IntegrityError: one of them has a chain already
    """
    kind = LedgerEntry.Kind(kind).value
    for start in range(0, len(bodies), _AT_ONCE):
        part = bodies[start : start + _AT_ONCE]
        hashes = [rules.entry_hash(rules.FIRST, subject=one, n=1, kind=kind, body=body, at=at) for one, body in part]
        texts = [canonical.encode(body).decode() for _one, body in part]
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [kind, at, rules.FIRST, [one for one, _body in part], texts, hashes])
    if bodies:
        transaction.on_commit(ringing.ring)


@transaction.atomic
def issue_certificate(*, facts: CertificateFacts, at: datetime) -> CertificateView:
    """Number, sign and list a certificate, and enter it in the ledger. Asked twice for one assignment, returns the first.

    :raises DomainError: never for a valid ``facts``; the caller has checked hours, courses and exam
    """
    hold(f"ledger:{facts.subject}")
    hold("certificates")
    known = Certificate.objects.filter(issued_for=facts.issued_for).first()
    if known:
        return certificate_view(known)
    row = _signed(facts, at)
    row.save(force_insert=True)
    regulators.list_certificate(
        code=row.code, number=row.number, body=row.listing, signature=row.signature, key_id=row.key_id, at=at
    )
    append_entry(kind="CERTIFICATE", subject=facts.subject, body={**row.listing, "certificate": str(row.uuid)}, at=at)
    return certificate_view(row)


def _signed(facts: CertificateFacts, at: datetime) -> Certificate:
    site = current_site()
    serial = (Certificate.objects.order_by("-serial").values_list("serial", flat=True).first() or 0) + 1
    number = rules.certificate_number(
        division=site.division_code,
        on=clock.shanghai_date(at),
        category=facts.category_code,
        enterprise=site.id,
        serial=serial,
    )
    body = _body(facts, number, at)
    listing = _listing(body)
    signer = regulators.certificate_signer()
    return Certificate(
        serial=serial,
        number=number,
        code=rules.certificate_code(),
        subject=facts.subject,
        issued_for=facts.issued_for,
        body=body,
        listing=listing,
        signature=signer.sign(canonical.encode(listing)),
        key_id=signer.key_id,
        issued_at=at,
    )


def _body(facts: CertificateFacts, number: str, at: datetime) -> dict[str, Any]:
    site = current_site()
    return {
        "number": number,
        "name": facts.name,
        "masked_id": facts.masked_id,
        "enterprise": site.name,
        "uscc": site.uscc,
        "training": facts.training,
        "training_type": facts.training_type,
        "category": facts.category,
        "basis": facts.basis,
        "required_ms": facts.required_ms,
        "earned_ms": facts.earned_ms,
        "started_on": facts.started_on.isoformat(),
        "completed_on": facts.completed_on.isoformat(),
        "courses": facts.courses,
        "exam_score": facts.exam_score,
        "exam_pass_score": facts.exam_pass_score,
        "issued_on": clock.shanghai_date(at).isoformat(),
        "platform": PLATFORM_NAME,
    }


def _listing(body: dict[str, Any]) -> dict[str, Any]:
    """What strangers may learn: no identity number, a masked name, and the fingerprint that ties it to the full text."""
    shown = ("number", "enterprise", "training", "training_type", "category", "required_ms", "earned_ms", "started_on",
             "completed_on", "exam_score", "issued_on", "platform")  # fmt: skip
    picked = {key: body[key] for key in shown}
    return {**picked, "name": identity.mask_name(body["name"]), "fingerprint": canonical.digest(body).hex()}
