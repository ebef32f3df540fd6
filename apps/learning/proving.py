"""The seam to people's identity: how a learner proves who is there. Everything else of learning asks here."""

from datetime import datetime

KIND = "code"


def kind_of(learner_id: int, *, at: datetime) -> str:
    """Return how a learner answers checks: ``face`` or ``code``."""
    return KIND


def require(*, learner_id: int, terminal: str, at: datetime) -> None:
    """Refuse to open a lesson to somebody who is not proven on this terminal.

    :raises DomainError: 403 ``identity_required``
    """
