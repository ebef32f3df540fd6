"""Quizzes of versions: lessons that ask, and points at which a film stops. Reads; writes are in `authoring.quizzes`.

What is asked is named, not copied: a version of a shared question never changes. Whoever asks gets the words from `public.questions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from public.catalogue.models import CourseVersion, Quiz
from public.catalogue.queries import not_found

SHARED = "shared"
VOID_UNTIL_DONE = CourseVersion.QuizRule.VOID_UNTIL_DONE.value
BACK = Quiz.OnWrong.BACK.value


@dataclass(frozen=True, slots=True)
class QuizView:
    """One quiz or point (``at_ms``). ``questions`` are (bank, question, version) in order; with ``count`` so many are drawn from
    ``topics`` instead (all topics when empty). ``tries`` 0: any number; else after so many ``restudy_minutes`` of study come first.
    """

    uuid: UUID
    version_id: int
    courseware_id: int
    lesson_no: int
    lesson_title: str
    at_ms: int | None
    questions: tuple[tuple[str, UUID, int], ...]
    topics: tuple[str, ...]
    count: int
    pass_score: int
    tries: int
    restudy_minutes: int
    on_wrong: str

    @property
    def size(self) -> int:
        """How many questions it asks, cases counted as one."""
        return self.count or len(self.questions)


def _view(row: Quiz) -> QuizView:
    return QuizView(
        uuid=row.uuid,
        version_id=row.version_id,
        courseware_id=row.courseware_id,
        lesson_no=row.courseware.no,
        lesson_title=row.courseware.title,
        at_ms=row.at_ms,
        questions=tuple((SHARED, UUID(one["question"]), int(one["version"])) for one in row.questions),
        topics=tuple(row.topics),
        count=row.count,
        pass_score=row.pass_score,
        tries=row.tries,
        restudy_minutes=row.restudy_minutes,
        on_wrong=row.on_wrong,
    )


def _views(**wanted: Any) -> list[QuizView]:
    rows = Quiz.objects.filter(**wanted).select_related("courseware")
    return [_view(row) for row in rows.order_by("version_id", "courseware__no", "at_ms")]


def quizzes_of(version_ids: Iterable[int]) -> list[QuizView]:
    """Return all quizzes and points of versions in playing order, one query."""
    return _views(version_id__in=list(version_ids))


def points_of(courseware_id: int) -> list[QuizView]:
    """Return the points of a film in the order of time, one query."""
    return _views(courseware_id=courseware_id, at_ms__isnull=False)


def quiz_of(courseware_id: int) -> QuizView:
    """Return the quiz that a lesson is.

    :raises DomainError: ``not_found`` where it is none
    """
    found = _views(courseware_id=courseware_id, at_ms__isnull=True)
    if not found:
        raise not_found(_("测验"))
    return found[0]


def point(uuid: UUID) -> QuizView:
    """Return one point of a film.

    :raises DomainError: ``not_found``
    """
    found = _views(uuid=uuid, at_ms__isnull=False)
    if not found:
        raise not_found(_("测验"))
    return found[0]


def holds_hours(version_id: int) -> bool:
    """Say whether a version's hours do not count before its quizzes are done (exclusion rule (e)); one query."""
    return CourseVersion.objects.filter(
        pk=version_id, quiz_rule=VOID_UNTIL_DONE, quizzes__at_ms__isnull=True, quizzes__isnull=False
    ).exists()
