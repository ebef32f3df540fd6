"""Rows of exams; each room keeps its own."""

from apps.exams.bank.models import Bank, BankImport, ImportLine, Question, QuestionVersion
from apps.exams.mistakes.models import Collected, Mistake, Practice
from apps.exams.papers.models import Paper, PaperRevision
from apps.exams.sitting.models import Attempt, AttemptStep

__all__ = [
    "Attempt",
    "AttemptStep",
    "Bank",
    "BankImport",
    "Collected",
    "ImportLine",
    "Mistake",
    "Paper",
    "PaperRevision",
    "Practice",
    "Question",
    "QuestionVersion",
]
