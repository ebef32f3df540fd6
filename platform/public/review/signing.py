"""Signatures under verdicts: made with the platform's key, checked by whoever has its public half."""

import hashlib
from datetime import datetime
from typing import Any

from infra.kit import canonical, clock, signing
from public.regulators import api as regulators
from public.review.models import BatchVerdict, Decision, ReReview

VERSION = "1"
Signed = Decision | ReReview | BatchVerdict


def moment(at: datetime) -> str:
    """Return a moment as it stands in a statement: Zhejiang's time with microseconds."""
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="microseconds")


def statement(row: Decision) -> dict[str, Any]:
    """Return what a verdict says: exactly this, as canonical JSON, is signed.

    The content judged stands in it by the digest of its submission, so that nothing of it can change unseen.
    """
    return {
        "v": VERSION,
        "what": "course-review",
        "version": row.version_id,
        "submission": row.submission.number if row.submission else None,
        "content": row.submission.digest if row.submission else None,
        "angle": row.angle,
        "verdict": row.verdict,
        "note": row.note,
        "checklist": row.checklist,
        "checks": row.checks,
        "reviewer": row.reviewer_id,
        "reviewer_name": row.reviewer_name,
        "at": moment(row.at),
    }


def rereview_statement(row: ReReview) -> dict[str, Any]:
    """Return what the outcome of a re-review says."""
    return {
        "v": VERSION,
        "what": "course-rereview",
        "version": row.version_id,
        "content": canonical.digest(row.content).hex(),
        "reason": row.reason,
        "outcome": row.outcome,
        "note": row.note,
        "checklist": row.checklist,
        "checks": row.checks,
        "reviewer": row.reviewer_id,
        "reviewer_name": row.reviewer_name,
        "at": moment(row.at) if row.at else None,
    }


def batch_statement(row: BatchVerdict) -> dict[str, Any]:
    """Return what a verdict on a batch of questions says; the questions stand in it by their digest."""
    return {
        "v": VERSION,
        "what": "question-review",
        "batch": str(row.batch.uuid),
        "content": row.batch.digest,
        "angle": row.angle,
        "verdict": row.verdict,
        "note": row.note,
        "remarks": row.remarks,
        "checklist": row.checklist,
        "checks": row.checks,
        "reviewer": row.reviewer_id,
        "reviewer_name": row.reviewer_name,
        "at": moment(row.at),
    }


def sign(row: Signed) -> None:
    """Fill in digest, signature and key of a row that is not saved yet."""
    message = _message(row)
    signer = regulators.review_signer()
    row.digest, row.signature, row.key_id = hashlib.sha256(message).hexdigest(), signer.sign(message), signer.key_id


def _message(row: Signed) -> bytes:
    if isinstance(row, BatchVerdict):
        return canonical.encode(batch_statement(row))
    return canonical.encode(statement(row) if isinstance(row, Decision) else rereview_statement(row))


def verify(row: Signed) -> bool:
    """Whether a verdict is whole: signed by the platform's key, its words as signed, its content as it was submitted.

    False for rows without a signature, from before there were any.
    """
    key = regulators.public_key(row.key_id) if row.key_id else None
    if key is None or not row.signature:
        return False
    if isinstance(row, Decision):
        held = row.submission
        if held is None or canonical.digest(held.content).hex() != held.digest or held.version_id != row.version_id:
            return False
    if isinstance(row, BatchVerdict) and canonical.digest(row.batch.content).hex() != row.batch.digest:
        return False
    message = _message(row)
    return hashlib.sha256(message).hexdigest() == row.digest and signing.verify(message, row.signature, key)
