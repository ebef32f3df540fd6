"""Learners say how good a course was: one to five stars, once, when they have finished it (clause 三.6: 支持学员评价课程质量).

The shared catalogue hears sums of a day, never who said what (`feedback`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from apps.plans import queries, rules
from apps.plans.models import CourseRating
from apps.plans.ports import CREDIT
from apps.plans.shapes import AssignmentView, PlanCourseView
from infra.kit import clock
from infra.kit.errors import DomainError
from public.search.api import Figures

STARS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Unrated:
    """A course that a learner has finished and not rated yet."""

    assignment: UUID
    version_id: int
    title: str
    trainer: str


def unrated(learner_id: int, views: list[AssignmentView], earned: Mapping[int, int]) -> list[Unrated]:
    """Return a learner's finished courses without their rating, each version once.

    :param views: the learner's duties
    :param earned: courseware id -> confirmed ms
    """
    done = {(course.version_id): (view, course) for view in views for course in view.courses if _is_finished(course, earned)}
    if not done:
        return []
    said = set(CourseRating.objects.filter(learner_id=learner_id, version_id__in=done).values_list("version_id", flat=True))
    return [
        Unrated(view.uuid, version_id, course.title, course.trainer)
        for version_id, (view, course) in done.items()
        if version_id not in said
    ]


def _is_finished(course: PlanCourseView, earned: Mapping[int, int]) -> bool:
    return rules.finished_courses(queries.lengths([course]), earned) == 1


@transaction.atomic
def rate(*, learner_id: int, assignment: UUID, version_id: int, stars: int, at: datetime) -> None:
    """Keep a learner's rating of a course; it is counted that night and stands.

    :raises DomainError: ``not_found`` for a duty or course that is not theirs; ``bad_stars``; ``not_finished``; ``already_rated``
    """
    if stars not in STARS:
        raise DomainError("bad_stars", _("请选择 1 到 5 分。"), status=422, field="stars")
    view = queries.assignment(assignment, learner_id=learner_id)
    course = next((one for one in view.courses if one.version_id == version_id), None)
    if course is None:
        raise DomainError("not_found", _("没有找到这门课程，请从首页重新进入。"), status=404)
    earned = CREDIT.get().earned_ms(learner_id=learner_id, courseware_ids=[lesson.id for lesson in course.lessons])
    if not _is_finished(course, earned):
        raise DomainError("not_finished", _("学完这门课程后才能评价。"), status=409)
    _row, made = CourseRating.objects.get_or_create(
        learner_id=learner_id, version_id=version_id, defaults={"stars": stars, "at": at}
    )
    if not made:
        raise DomainError("already_rated", _("您已经评价过这门课程，谢谢。"), status=409)


def rating_figures(day: date) -> dict[int, Figures]:
    """Return version id -> how many rated it on a day, and the sum of their stars."""
    begin, end = clock.shanghai_day(day)
    rows = (
        CourseRating.objects.filter(at__gte=begin, at__lt=end).values_list("version_id").annotate(n=Count("id"), sum=Sum("stars"))
    )
    return {version_id: Figures(ratings=count, rating_sum=total) for version_id, count, total in rows}
