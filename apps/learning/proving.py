"""The seam to people's identity: how a learner proves who is there. Everything else of learning asks here."""

from datetime import datetime

from apps.people import api as people

CODE = "code"


def kind_of(learner_id: int, *, at: datetime) -> str:
    """Return how a learner answers checks: ``face`` or ``code``."""
    return people.identity_of(learner_id, at=at).method or CODE


def require(*, learner_id: int, terminal: str, at: datetime, back: str) -> None:
    """Refuse to open a lesson to somebody who is not proven on this terminal.

    :param back: own path that the page of proof leads back to
    :raises DomainError: 403 ``identity_required`` with ``url`` and ``needs``
    """
    people.require_identity(learner_id=learner_id, terminal=terminal, at=at, back=back)
