"""What a learner may ask about and read: courses of the own plans, and a place in one of their lessons."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.plans import api as plans
from infra.kit.errors import DomainError

MOST_PAGES = 5000


@dataclass(frozen=True, slots=True)
class Place:
    """A course of a learner's plan, and what in it is meant; see `models.Thread`."""

    assignment: UUID
    version_id: int
    course_code: str
    course_title: str
    courseware_id: int | None = None
    lesson_title: str = ""
    at_ms: int | None = None
    page: int | None = None


def place(
    *,
    learner_id: int,
    assignment: UUID,
    version_id: int,
    courseware_id: int | None = None,
    at_ms: int | None = None,
    page: int | None = None,
) -> Place:
    """Return a place in a course of one of the learner's duties; a place behind the lesson's end is its end.

    :raises DomainError: 404 ``not_found`` for a duty, a course or a lesson that is not theirs; 422 ``bad_place``
    """
    view = plans.assignment(assignment, learner_id=learner_id)
    course = next((one for one in view.courses if one.version_id == version_id), None)
    if course is None:
        raise DomainError("not_found", _("没有找到这门课程，请从首页重新进入。"), status=404)
    if courseware_id is None:
        return Place(assignment, version_id, course.code, course.title)
    lesson = next((one for one in course.lessons if one.id == courseware_id), None)
    if lesson is None:
        raise DomainError("not_found", _("没有找到这节课，请从课程页重新进入。"), status=404)
    if (at_ms is not None and (at_ms < 0 or page is not None)) or (page is not None and not 1 <= page <= MOST_PAGES):
        raise DomainError("bad_place", _("提问的位置不正确，请回到课程重新提问。"), status=422)
    moment = min(at_ms, lesson.duration_ms) if at_ms is not None else None
    return Place(assignment, version_id, course.code, course.title, lesson.id, lesson.title, moment, page)


def courses_of(learner_id: int) -> list[Place]:
    """Return the courses of a learner's plans, each once, to ask about."""
    found: dict[str, Place] = {}
    for view in plans.assignments_of(learner_id):
        for course in view.courses:
            found.setdefault(course.code, Place(view.uuid, course.version_id, course.code, course.title))
    return list(found.values())


def codes_of(learner_id: int) -> dict[str, tuple[UUID, int]]:
    """Return the courses of a learner's plans: code -> (assignment, version) to enter it by."""
    return {one.course_code: (one.assignment, one.version_id) for one in courses_of(learner_id)}
