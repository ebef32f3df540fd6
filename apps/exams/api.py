"""Front door of exams."""

from apps.exams.queries import exam_state, wrong_answers
from apps.exams.services import answer, close_expired, start, submit
from apps.exams.shapes import AttemptView, ExamState, WrongAnswer

__all__ = ["AttemptView", "ExamState", "WrongAnswer", "answer", "close_expired", "exam_state", "start", "submit", "wrong_answers"]
