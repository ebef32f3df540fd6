"""Revoking by two, with the news of it: who may decide is asked, the holder is told, in the transaction that does it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.plans.certificates import telling
from apps.records import api as records


@transaction.atomic
def propose(*, certificate: UUID, reason: str, words: str, by: records.Decider, at: datetime) -> records.Revocation:
    """Propose to revoke a certificate and ask the other managers to decide.

    :raises DomainError: as `apps.records` ``propose_revocation``
    """
    row = records.propose_revocation(certificate=certificate, reason=reason, words=words, by=by, at=at)
    telling.proposed(row, at=at)
    return row


@transaction.atomic
def decide(*, revocation: UUID, approve: bool, answer: str, by: records.Decider, at: datetime) -> records.Revocation:
    """Approve or decline what another manager proposed; approved, the holder is told why.

    :raises DomainError: as `apps.records` ``decide_revocation``
    """
    row = records.decide_revocation(revocation=revocation, approve=approve, answer=answer, by=by, at=at)
    if approve:
        telling.revoked(row, at=at)
    return row
