"""Quiz lessons: a try is laid out, answered once, judged; the pass of a course's last one lets its hours count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.learning import holding, queries
from apps.learning.quizzes import drawing, releasing, rules, telling
from apps.learning.quizzes import queries as quizzes
from apps.learning.quizzes.models import QuizTry
from apps.learning.quizzes.queries import Stand
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue


@dataclass(frozen=True, slots=True)
class Sitting:
    """A learner's quiz within an assignment. ``ahead``: titles of lessons that must be watched first; empty: it may be sat."""

    assignment: plans.AssignmentView
    course: plans.PlanCourseView
    lesson: plans.LessonView
    stand: Stand
    ahead: list[str]

    @property
    def may_begin(self) -> bool:
        """Whether a try may be begun or gone on with now."""
        return not self.ahead and not self.stand.is_done and (self.stand.open is not None or not self.stand.restudy_ms)


def sitting(*, learner_id: int, assignment_uuid: UUID, courseware_id: int, at: datetime) -> Sitting:
    """Return where a learner stands at a quiz.

    :raises DomainError: ``not_found``, ``not_assigned``; 403 as `plans.refuse_locked`; 409 ``recalled``
    """
    view = plans.assignment(assignment_uuid, learner_id=learner_id)
    found = [(course, lesson) for course in view.courses for lesson in course.lessons if lesson.id == courseware_id]
    if not found or not plans.allows(view, courseware_id):
        raise DomainError("not_assigned", _("这个测验不在您的培训计划里，或计划已结束。请从首页进入课程。"), status=403)
    plans.refuse_locked(view, courseware_id, at=at)
    course, lesson = found[0]
    catalogue.refuse_recalled(course.version_id)
    quiz = catalogue.quiz_of(courseware_id)
    stand = quizzes.stand(learner_id=learner_id, quiz=quiz, course_ms=course.duration_ms)
    return Sitting(view, course, lesson, stand, [] if stand.is_done else _ahead(learner_id, course, courseware_id))


def _ahead(learner_id: int, course: plans.PlanCourseView, courseware_id: int) -> list[str]:
    """Return the lessons before the quiz that are not watched to their end."""
    before = [lesson for lesson in course.lessons[: course.coursewares.index(courseware_id)] if not lesson.is_quiz]
    known = queries.progress(learner_id=learner_id, courseware_ids=[lesson.id for lesson in before])
    return [lesson.title for lesson in before if lesson.id not in known or not known[lesson.id].is_watched]


@transaction.atomic
def begin(*, learner_id: int, assignment_uuid: UUID, courseware_id: int, at: datetime) -> QuizTry:
    """Lay a try out, or go on with the open one.

    :raises DomainError: as :func:`sitting`; 409 ``quiz_done``, ``quiz_early`` before the lessons are watched, ``restudy``, ``quiz_empty``
    """
    holding.state_of(learner_id)  # two tabs take turns
    found = sitting(learner_id=learner_id, assignment_uuid=assignment_uuid, courseware_id=courseware_id, at=at)
    _refuse(found)
    if found.stand.open is not None:
        return found.stand.open
    return QuizTry.objects.create(
        learner_id=learner_id,
        assignment_id=found.assignment.id,
        version_id=found.course.version_id,
        courseware_id=courseware_id,
        number=quizzes.next_number(learner_id=learner_id, courseware_id=courseware_id, point=None),
        items=drawing.lay_out(found.stand.quiz),
        opened_at=at,
    )


def _refuse(found: Sitting) -> None:
    if found.stand.is_done:
        raise DomainError("quiz_done", _("您已通过这个测验，不用再做。"), status=409)
    if found.ahead:
        words = _("请先学完“%(title)s”，再做测验。") % {"title": found.ahead[0]}
        raise DomainError("quiz_early", words, status=409)
    if found.stand.open is None and found.stand.restudy_ms:
        minutes = -(-found.stand.restudy_ms // 60_000)
        words = _("作答次数已用完，请先重学 %(n)s 分钟课程，再做测验。") % {"n": minutes}
        raise DomainError("restudy", words, status=409, minutes=minutes)


def own_try(trial: UUID, *, learner_id: int) -> QuizTry:
    """Return a learner's try at a quiz lesson.

    :raises DomainError: 404 ``not_found``, also for somebody else's
    """
    row = QuizTry.objects.filter(uuid=trial, learner_id=learner_id, point=None).first()
    if row is None:
        raise DomainError("not_found", _("没有这次测验，请从课程页重新打开。"), status=404)
    return row


def shows_media(trial: UUID, key: str, *, learner_id: int) -> bool:
    """Say whether a question of this try, which must be the learner's, shows this picture or film in its stem or its case's."""
    row = QuizTry.objects.filter(uuid=trial, learner_id=learner_id).first()
    shown = (
        [one for item in row.items for one in (*item.get("media", ()), *(item.get("case") or {}).get("media", ()))] if row else []
    )
    return any(one["key"] == key for one in shown)


@transaction.atomic
def submit(*, learner_id: int, trial: UUID, responses: Sequence[Sequence[str]], at: datetime) -> QuizTry:
    """Judge a try; the same one again returns what it came to and changes nothing.

    :raises DomainError: 404 ``not_found``, also for somebody else's; 422 ``bad_answer``; 409 ``recalled``
    """
    mine = own_try(trial, learner_id=learner_id)
    catalogue.refuse_recalled(mine.version_id)
    held = holding.hold(learner_id, also=releasing.sessions_that_wait(learner_id, mine.version_id))
    row = QuizTry.objects.select_for_update().get(pk=mine.pk)
    if not row.is_open:
        return row
    quiz = catalogue.quiz_of(row.courseware_id)
    row.responses = drawing.clean(row.items, [list(one) for one in responses])
    result = rules.judge(row.items, row.responses)
    row.answered_at, row.score, row.passed = at, result.score, result.score >= quiz.pass_score
    row.save(update_fields=["responses", "answered_at", "score", "passed"])
    released = releasing.release(held, version_id=row.version_id, at=at) if row.passed else {"effective_ms": 0, "sessions": []}
    telling.enter(row, course=_course(row), title=quiz.lesson_title, pass_score=quiz.pass_score, released=released, at=at)
    failed = QuizTry.objects.filter(learner_id=learner_id, courseware_id=row.courseware_id, point=None, passed=False).count()
    telling.answers(row, shows_keys=rules.shows_keys(passed=bool(row.passed), tries=quiz.tries, failed=failed))
    if row.passed:
        plans.review_completion(learner_id=learner_id, at=at)
    return row


def _course(row: QuizTry) -> dict[str, object]:
    card = catalogue.course(row.version_id).card
    return {"code": card.code, "title": card.title, "version": card.version_no, "version_id": card.version_id}
