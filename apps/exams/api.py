"""Front door of exams."""

from apps.exams.marking.queries import waiting_count
from apps.exams.mistakes.services import collect
from apps.exams.mistakes.shapes import Answered
from apps.exams.sitting.answering import answer, note_leaving, open_page
from apps.exams.sitting.queries import exam_state, wrong_answers
from apps.exams.sitting.services import close_expired, settle, start, submit
from apps.exams.sitting.shapes import AttemptView, ExamState, OpenedPage, Saved, WrongAnswer

__all__ = [
    "Answered",
    "AttemptView",
    "ExamState",
    "OpenedPage",
    "Saved",
    "WrongAnswer",
    "answer",
    "close_expired",
    "collect",
    "exam_state",
    "note_leaving",
    "open_page",
    "settle",
    "start",
    "submit",
    "waiting_count",
    "wrong_answers",
]
