"""Front door of exams."""

from apps.exams.sitting.answering import answer, note_leaving, open_page
from apps.exams.sitting.queries import exam_state, wrong_answers
from apps.exams.sitting.services import close_expired, settle, start, submit
from apps.exams.sitting.shapes import AttemptView, ExamState, OpenedPage, Saved, WrongAnswer

__all__ = [
    "AttemptView",
    "ExamState",
    "OpenedPage",
    "Saved",
    "WrongAnswer",
    "answer",
    "close_expired",
    "exam_state",
    "note_leaving",
    "open_page",
    "settle",
    "start",
    "submit",
    "wrong_answers",
]
