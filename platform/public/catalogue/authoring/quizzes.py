"""Quizzes of a draft: a lesson that asks, and the points of a film."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.authoring.outline import draft_chapter, number_lessons
from public.catalogue.authoring.ownership import Writer, own_draft
from public.catalogue.models import CourseVersion, Courseware, MediaAsset, Quiz
from public.catalogue.queries import not_found

MOST_QUESTIONS, MOST_POINTS, MOST_AT_A_POINT = 50, 20, 3
EDGE_MS, APART_MS = 5_000, 10_000
"""How far a point keeps from both ends of its film, and from the next point."""
LEARNT_PERCENT = 99
"""From this share of its length on a film counts as learnt: a point behind it could be left unanswered."""
LONGEST_MS = 86_400_000
"""Later than this no point lies in a film whose length is not known yet."""
_ASKED_IN = (MediaAsset.Kind.VIDEO, MediaAsset.Kind.AUDIO)

Chosen = tuple[UUID, int]
"""A question and its version."""


@dataclass(frozen=True, slots=True)
class QuizOrder:
    """What a quiz asks: ``questions`` chosen, or ``count`` drawn from ``topics``.

    ``tries`` 0: any number; else after so many ``restudy_minutes`` of study come first.
    """

    questions: Sequence[Chosen] = ()
    topics: Sequence[str] = ()
    count: int = 0
    pass_score: int = 80
    tries: int = 0
    restudy_minutes: int = 0


@dataclass(frozen=True, slots=True)
class PointOrder:
    """A point of a film: where, what it asks, what a wrong answer means (``again`` or ``back``)."""

    at_ms: int
    questions: Sequence[Chosen]
    on_wrong: str = "again"


@transaction.atomic
def add_quiz(*, version_id: int, title: str, order: QuizOrder, by: Writer, chapter_id: int | None = None) -> int:
    """Put a quiz at the end of a chapter (of the version, where it has none); return the lesson's id.

    :raises DomainError: ``not_found``; ``frozen``; 422 ``quiz_empty``, ``quiz_rule``
    """
    version = own_draft(version_id, by)
    chapter = draft_chapter(chapter_id, by) if chapter_id else version.chapters.order_by("no").last()
    if chapter is not None and chapter.version_id != version.pk:
        raise not_found(_("章节"))
    columns = _columns(order)
    last = Courseware.objects.filter(version=version).aggregate(last=models.Max("no"))["last"] or 0
    lesson = Courseware.objects.create(version=version, chapter=chapter, no=last + 1, title=title, media=None)
    Quiz.objects.create(version=version, courseware=lesson, **columns)
    number_lessons(version.pk)
    return int(lesson.pk)


@transaction.atomic
def edit_quiz(*, lesson_id: int, title: str, order: QuizOrder, by: Writer) -> None:
    """Change what a quiz asks.

    :raises DomainError: as :func:`add_quiz`
    """
    lesson = _draft_lesson(lesson_id, by)
    if lesson.media_id is not None:
        raise not_found(_("测验"))
    columns = _columns(order)
    lesson.title = title
    lesson.save(update_fields=["title"])
    Quiz.objects.filter(courseware=lesson, at_ms__isnull=True).update(**columns)


@transaction.atomic
def set_quiz_rule(*, version_id: int, rule: str, by: Writer) -> None:
    """Say whether the course's hours count before its quizzes are done; `edit_version` says it with the other words.

    :param rule: a value of `CourseVersion.QuizRule`
    :raises DomainError: ``not_found``; ``frozen``
    """
    version = own_draft(version_id, by)
    version.quiz_rule = CourseVersion.QuizRule(rule).value
    version.save(update_fields=["quiz_rule"])


@transaction.atomic
def save_points(*, lesson_id: int, points: Sequence[PointOrder], by: Writer) -> None:
    """Put these points in place of those that a film of a draft has.

    :raises DomainError: ``not_found``; ``frozen``; 422 ``no_film``, ``too_many_points``, ``point_questions``, ``point_place``
    """
    lesson = _draft_lesson(lesson_id, by)
    if lesson.media is None or lesson.media.kind not in _ASKED_IN:
        raise DomainError("no_film", _("只有视频和音频课件可以在中间提问。"), status=422)
    check_points(points, length_ms=lesson.media.duration_ms or 0)
    Quiz.objects.filter(courseware=lesson, at_ms__isnull=False).delete()
    Quiz.objects.bulk_create(
        Quiz(
            version_id=lesson.version_id,
            courseware=lesson,
            at_ms=one.at_ms,
            questions=_named(one.questions),
            on_wrong=one.on_wrong,
        )
        for one in points
    )


def check_points(points: Sequence[PointOrder], *, length_ms: int) -> None:
    """Refuse points that no learner could be asked at.

    :param length_ms: of the film; 0 while it is still made, when only order and questions are looked at
    :raises DomainError: 422 ``too_many_points``, ``point_questions``, ``point_place``
    """
    if len(points) > MOST_POINTS:
        raise DomainError("too_many_points", _("一个视频最多 %(n)s 个提问点。") % {"n": MOST_POINTS}, status=422)
    if any(not 1 <= len(one.questions) <= MOST_AT_A_POINT or one.on_wrong not in Quiz.OnWrong.values for one in points):
        message = _("每个提问点选 1 到 %(n)s 道题，并选择答错后怎么办。") % {"n": MOST_AT_A_POINT}
        raise DomainError("point_questions", message, status=422)
    places = sorted(one.at_ms for one in points)
    inside = all(EDGE_MS <= at <= latest_ms(length_ms) for at in places)
    apart = all(later - sooner >= APART_MS for sooner, later in itertools.pairwise(places))
    if not inside or not apart:
        words = _("提问点离片头片尾至少 %(edge)s 秒，不能在最后百分之一，相互间隔至少 %(apart)s 秒，请调整。")
        raise DomainError("point_place", words % {"edge": EDGE_MS // 1000, "apart": APART_MS // 1000}, status=422)


def latest_ms(length_ms: int) -> int:
    """Return the last place in a film where a point may lie; ``length_ms`` 0 while the film is still made."""
    return min(length_ms - EDGE_MS, length_ms * LEARNT_PERCENT // 100 - 1) if length_ms else LONGEST_MS


def _draft_lesson(lesson_id: int, by: Writer) -> Courseware:
    row = Courseware.objects.select_related("media").filter(pk=lesson_id).first()
    if row is None:
        raise not_found(_("课件"))
    own_draft(row.version_id, by)
    return row


def _columns(order: QuizOrder) -> dict[str, Any]:
    """Return an order as columns.

    :raises DomainError: 422 ``quiz_empty``, ``quiz_rule``
    """
    size = order.count or len(order.questions)
    if not size or (order.count and order.questions):
        raise DomainError("quiz_empty", _("请选择试题，或填写从题库随机抽取的题数。"), status=422, field="count")
    in_bounds = size <= MOST_QUESTIONS and 1 <= order.pass_score <= 100 and 0 <= order.tries <= 10
    if not in_bounds or not 0 <= order.restudy_minutes <= 240:
        words = _("测验最多 %(n)s 题，及格线 1-100 分，次数 0-10 次（0 为不限），重学 0-240 分钟。")
        raise DomainError("quiz_rule", words % {"n": MOST_QUESTIONS}, status=422)
    return {
        "questions": _named(order.questions),
        "topics": list(order.topics) if order.count else [],
        "count": order.count,
        "pass_score": order.pass_score,
        "tries": order.tries,
        "restudy_minutes": order.restudy_minutes if order.tries else 0,
    }


def _named(questions: Sequence[Chosen]) -> list[dict[str, Any]]:
    return [{"question": str(key), "version": version} for key, version in dict.fromkeys(questions)]
