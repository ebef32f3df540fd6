"""Addresses of the room, for any host."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from public.authoring.pages import courses, lessons, outline, quizzes, subtitles, trainers
from public.authoring.place import Page

Door = Callable[[Page], Callable[..., HttpResponseBase]]
"""Turns a page into a view: lets people in and gives the page its `Place`."""

_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("", "", courses.listing),
    ("/new", "new", courses.new),
    ("/courses/<int:course_id>/next", "next", courses.next_version),
    ("/versions/<int:version_id>", "version", courses.editor),
    ("/versions/<int:version_id>/words", "words", courses.words),
    ("/versions/<int:version_id>/discard", "discard", courses.discard),
    ("/versions/<int:version_id>/submit", "submit", courses.submit),
    ("/versions/<int:version_id>/findings/<int:finding_id>", "answer", courses.answer),
    ("/versions/<int:version_id>/chapters", "chapter-add", outline.add_chapter),
    ("/versions/<int:version_id>/lessons", "lesson-add", lessons.add),
    ("/chapters/<int:chapter_id>/rename", "chapter-rename", outline.rename_chapter),
    ("/chapters/<int:chapter_id>/move", "chapter-move", outline.move_chapter),
    ("/chapters/<int:chapter_id>/remove", "chapter-remove", outline.remove_chapter),
    ("/lessons/<int:lesson_id>/rename", "lesson-rename", outline.rename_lesson),
    ("/lessons/<int:lesson_id>/move", "lesson-move", outline.move_lesson),
    ("/lessons/<int:lesson_id>/remove", "lesson-remove", outline.remove_lesson),
    ("/lessons/<int:lesson_id>/media", "lesson-media", lessons.replace),
    ("/lessons/<int:lesson_id>/copy", "lesson-copy", lessons.copy),
    ("/lessons/<int:lesson_id>/state", "lesson-state", lessons.state),
    ("/lessons/<int:lesson_id>/retry", "lesson-retry", lessons.retry),
    ("/lessons/<int:lesson_id>/subtitles", "subtitles", subtitles.detail),
    ("/versions/<int:version_id>/quiz", "quiz-add", quizzes.add),
    ("/lessons/<int:lesson_id>/quiz", "quiz", quizzes.edit),
    ("/lessons/<int:lesson_id>/points", "points", quizzes.points),
    ("/questions", "questions", quizzes.find),
    ("/trainers", "trainers", trainers.listing),
    ("/trainers/new", "trainer-new", trainers.new),
    ("/trainers/<int:trainer_id>", "trainer", trainers.detail),
    ("/trainers/<int:trainer_id>/use", "trainer-use", trainers.use),
    ("/trainers/<int:trainer_id>/qualifications", "qualification-add", trainers.add_qualification),
    ("/qualifications/<int:qualification_id>/evidence", "qualification-evidence", trainers.evidence),
    ("/qualifications/<int:qualification_id>/remove", "qualification-remove", trainers.remove_qualification),
)


def routes(*, root: str, names: str, door: Door) -> list[URLPattern]:
    """Return the room's addresses under ``root`` (``desk/authoring``), their names beginning with ``names``."""
    return [path(f"{root}{tail}", door(page), name=f"{names}-{name}" if name else names) for tail, name, page in _PAGES]
