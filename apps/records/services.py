"""Writes: entries. Nothing here changes what is already there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.records.models import LedgerEntry
from apps.records.sealing import ringing
from apps.records.shapes import EntryView
from infra.kit import canonical
from public.regulators import api as regulators

_APPEND = "SELECT entry, number, digest FROM public.ledger_append(%s, %s, %s, %s)"
"""Lock, read the last entry, hash and write in one round trip; the bytes it hashes are those of `rules.entry_bytes`."""
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
    :param body: JSON object without unmasked identity numbers and without floats that are not numbers
    :raises ValueError: an unknown kind
    """
    kind = LedgerEntry.Kind(kind).value
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [subject, kind, canonical.encode(body).decode(), at])
        entry, n, digest = cursor.fetchone()
    if kind in _FEED:
        told = "EXAM" if body.get("event") == "score_correction" else _FEED[kind]
        regulators.submit(kind=told, subject=subject, body=body, at=at)
    transaction.on_commit(ringing.ring)
    return EntryView(entry, n, kind, body, at, bytes(digest).hex())
