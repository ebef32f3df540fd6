"""Rows of exams; each room keeps its own."""

from apps.exams.bank.models import Bank, BankImport, ImportLine, Question, QuestionVersion
from apps.exams.marking.models import MarkingRule, MarkTask, ScoreAppeal, ScoreChange, ScoreEntry, ScoreProposal
from apps.exams.mistakes.models import Collected, Mistake, Practice
from apps.exams.papers.models import Paper, PaperRevision
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.exams.statistics.models import AnswerFact, CountedAttempt, QuestionFace, SimilarPair

__all__ = [
    "AnswerFact",
    "Attempt",
    "AttemptStep",
    "Bank",
    "BankImport",
    "Collected",
    "CountedAttempt",
    "ImportLine",
    "MarkTask",
    "MarkingRule",
    "Mistake",
    "Paper",
    "PaperRevision",
    "Practice",
    "Question",
    "QuestionFace",
    "QuestionVersion",
    "ScoreAppeal",
    "ScoreChange",
    "ScoreEntry",
    "ScoreProposal",
    "SimilarPair",
]
