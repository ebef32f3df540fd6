"""Rows of learning."""

from apps.learning.models.appeals import Appeal
from apps.learning.models.proofs import PresenceCheck, ProofState, Void
from apps.learning.models.sessions import Coverage, StudySession

__all__ = ["Appeal", "Coverage", "PresenceCheck", "ProofState", "StudySession", "Void"]
