"""Reads of learning."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.learning import spans
from apps.learning.models import Coverage, StudySession
from apps.learning.quizzes import queries as quizzes
from apps.learning.shapes import Lesson, Progress
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue


def progress(*, learner_id: int, courseware_ids: Sequence[int]) -> dict[int, Progress]:
    """Return courseware id -> progress, for those the learner has begun."""
    rows = Coverage.objects.filter(learner_id=learner_id, courseware_id__in=courseware_ids)
    return {row.courseware_id: _progress(row) for row in rows}


def _progress(row: Coverage) -> Progress:
    waiting, held = spans.measure(row.provisional), spans.measure(row.held)
    return Progress(spans.measure(row.spans) - waiting - held, row.position_ms, row.duration_ms, waiting, held)


def earned_ms(*, learner_id: int, courseware_ids: Sequence[int]) -> dict[int, int]:
    """Return courseware id -> confirmed milliseconds; 0 where nothing was begun."""
    known = progress(learner_id=learner_id, courseware_ids=courseware_ids)
    return {key: known[key].covered_ms if key in known else 0 for key in courseware_ids}


def lesson(*, learner_id: int, assignment_uuid: UUID, courseware_id: int, at: datetime) -> Lesson:
    """Return the courseware that a learner wants to study within an assignment.

    :raises DomainError: ``not_found`` for an assignment of somebody else, or a film that is not there yet;
        ``not_assigned`` for a courseware that the plan does not hold, or after its end; 403 ``not_started``, ``prerequisite``,
        ``in_order``, ``exempt`` where it is not open yet; 409 ``recalled``, ``is_quiz``
    """
    assignment = plans.assignment(assignment_uuid, learner_id=learner_id)
    if not plans.allows(assignment, courseware_id):
        raise DomainError("not_assigned", _("这个课件不在您的培训计划里，或计划已结束。请从首页进入课程。"), status=403)
    plans.refuse_locked(assignment, courseware_id, at=at)
    view = catalogue.courseware(courseware_id)
    if view.is_quiz:
        raise DomainError("is_quiz", _("这是测验，没有视频。请从课程页打开。"), status=409)
    catalogue.refuse_recalled(view.version_id)
    card = catalogue.course(view.version_id).card
    shown = catalogue.playback(view.media)
    return Lesson(
        assignment_id=assignment.id,
        courseware_id=view.id,
        version_id=view.version_id,
        course_code=card.code,
        course_title=view.course_title,
        version_no=card.version_no,
        title=view.title,
        media=view.media,
        duration_ms=shown.duration_ms,
        kind=shown.kind,
        ends_course=_ends_course(assignment, view, learner_id),
        gates=tuple(quizzes.gates(learner_id=learner_id, courseware_id=view.id)),
    )


def _ends_course(assignment: plans.AssignmentView, view: catalogue.CoursewareView, learner_id: int) -> bool:
    course = next(course for course in assignment.courses if view.id in course.coursewares)
    others = [lesson.id for lesson in course.lessons if lesson.id != view.id and not lesson.is_quiz]
    known = progress(learner_id=learner_id, courseware_ids=others)
    return all(key in known and known[key].is_watched for key in others)


def own_session(session: UUID, *, learner_id: int) -> StudySession:
    """Return a learner's session.

    :raises DomainError: ``not_found``, also for somebody else's
    """
    row = StudySession.objects.filter(uuid=session, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有这次学习。请回到课程页重新开始。"), status=404)
    return row


def open_session_of(session: UUID, *, learner_id: int) -> StudySession:
    """Return a learner's session that still earns; only such a one gets keys.

    :raises DomainError: ``not_found``; 409 ``closed`` with ``reason``; 409 ``recalled`` from the moment of the recall on
    """
    row = own_session(session, learner_id=learner_id)
    catalogue.refuse_recalled(row.version_id)
    if not row.is_open:
        raise DomainError("closed", _("这次学习已经结束。请点“继续学习”重新开始。"), status=409, reason=row.close_reason)
    return row
