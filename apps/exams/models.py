"""Rows of exams; each room keeps its own."""

from apps.exams.papers.models import Paper, PaperRevision
from apps.exams.sitting.models import Attempt, AttemptStep

__all__ = ["Attempt", "AttemptStep", "Paper", "PaperRevision"]
