"""Front door of exams."""

from apps.exams.mistakes.services import collect
from apps.exams.mistakes.shapes import Answered
from apps.exams.queries import exam_state, wrong_answers
from apps.exams.services import answer, close_expired, start, submit
from apps.exams.shapes import AttemptView, ExamState, WrongAnswer

__all__ = [
    "Answered",
    "AttemptView",
    "ExamState",
    "WrongAnswer",
    "answer",
    "close_expired",
    "collect",
    "exam_state",
    "start",
    "submit",
    "wrong_answers",
]
