"""Writes: entries. Nothing here changes what is already there."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.records import events, rules
from apps.records.models import LedgerEntry
from apps.records.sealing import ringing
from apps.records.shapes import EntryView
from infra.kit import canonical
from public.regulators import api as regulators

_APPEND = "SELECT entry, number, digest FROM public.ledger_append(%s, %s, %s, %s)"
"""Lock, read the last entry, hash and write in one round trip; the bytes it hashes are those of `rules.entry_bytes`."""
_BEGIN = """
INSERT INTO records_ledgerentry (subject, n, kind, body, at, prev, hash)
SELECT t.subject, 1, %s, t.body::jsonb, %s, %s, t.hash FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS t (subject, body, hash)
"""
_AT_ONCE = 1_000
_FEED_ONLY = "person_key"
"""What the authority needs to know one person in several enterprises. It tells a person for ever, so the ledger, which outlives an erasure,
does not have it: the subject says whose entry it is."""
_FEED = {
    **dict.fromkeys(("STUDY_SESSION", "PROOF", "VOID", "CORRECTION", "CLASS", "QUIZ"), "SESSION"),
    "EXAM": "EXAM",
    **dict.fromkeys(("CERTIFICATE", "RENEWAL", "REVOCATION"), "CERTIFICATE"),
}
"""Entries that the authority gets, by its own names (clause 七.1): proofs, voids, corrections, offline classes and quizzes belong to the
learning process; only the correction of a score belongs to exams."""


@transaction.atomic
def append_entry(*, kind: str, subject: UUID, body: dict[str, Any], at: datetime) -> EntryView:
    """Add one fact to a learner's chain and, where clause 七.1 asks for it, to the authority's feed; both or neither.

    :param kind: a value of `LedgerEntry.Kind`
    :param body: JSON object without unmasked identity numbers and without floats that are not numbers; its ``person_key`` goes to the
        feed alone
    :raises ValueError: an unknown kind
    """
    kind = LedgerEntry.Kind(kind).value
    kept = {key: said for key, said in body.items() if key != _FEED_ONLY}
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [subject, kind, canonical.encode(kept).decode(), at])
        entry, n, digest = cursor.fetchone()
    if told := _feed_kind(kind, body):
        regulators.submit(kind=told, subject=subject, body=body, at=at)
    transaction.on_commit(_grew)
    return EntryView(entry, n, kind, kept, at, bytes(digest).hex())


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
        said = [(one, canonical.encode(body)) for one, body in part]
        contents = (rules.entry_bytes_said(rules.FIRST, subject=one, n=1, kind=kind, said=text, at=at) for one, text in said)
        hashes, texts = [hashlib.sha256(content).digest() for content in contents], [text.decode() for _one, text in said]
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [kind, at, rules.FIRST, [one for one, _body in part], texts, hashes])
    if bodies:
        transaction.on_commit(_grew)


def _grew() -> None:
    """Have the new entries sealed, and tell whoever passes them on."""
    ringing.ring()
    events.ledger_grew.send_robust(sender=None)
