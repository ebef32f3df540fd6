"""Rows of learning."""

from apps.learning.models.appeals import Appeal
from apps.learning.models.proofs import PresenceCheck, ProofState, Void
from apps.learning.models.sessions import Coverage, StudySession
from apps.learning.quizzes.models import QuizTry

__all__ = ["Appeal", "Coverage", "PresenceCheck", "ProofState", "QuizTry", "StudySession", "Void"]
