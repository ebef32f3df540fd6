"""What keeps a learner from studying something now: let off, not begun, another plan first, an earlier course first."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from apps.plans import queries, rules
from apps.plans.models import Assignment
from apps.plans.ports import CREDIT
from apps.plans.shapes import AssignmentView
from infra.kit import clock
from infra.kit.errors import DomainError


def plan_lock(view: AssignmentView, *, today: date) -> DomainError | None:
    """Return why nothing of the plan may be studied today, None when it is open. Asks nobody."""
    if view.state == Assignment.State.EXEMPT:
        return DomainError("exempt", _("您已获准免训这个计划，不用再学。"), status=403)
    if view.state == Assignment.State.COMPLETED:
        return None
    if view.starts_on is not None and today < view.starts_on:
        words = _("这个计划从 %(day)s 开始，请到时再来。") % {"day": view.starts_on.isoformat()}
        return DomainError("not_started", words, status=403)
    if view.prerequisite and not view.prerequisite_done:
        words = _("请先完成“%(title)s”，再学这个计划。") % {"title": view.prerequisite}
        return DomainError("prerequisite", words, status=403)
    return None


def refuse_locked(view: AssignmentView, courseware_id: int, *, at: datetime) -> None:
    """Refuse to study a courseware of the plan that is not open yet. One more query, only where courses go in order.

    :raises DomainError: 403 ``exempt``, ``not_started``, ``prerequisite``, ``in_order``
    """
    closed = plan_lock(view, today=clock.shanghai_date(at))
    if closed is not None:
        raise closed
    if not view.in_order or view.state == Assignment.State.COMPLETED or courseware_id in (view.courses[0].coursewares or ()):
        return
    earned = CREDIT.get().earned_ms(learner_id=view.learner_id, courseware_ids=view.courseware_ids)
    quizzes = queries.quizzes_done(view.learner_id, view.quiz_ids)
    first = first_unfinished(view, earned, quizzes)
    if courseware_id in waiting(view, earned, quizzes) and first is not None:
        words = _("这个计划按顺序学习，请先学完“%(title)s”。") % {"title": first}
        raise DomainError("in_order", words, status=403)


def waiting(view: AssignmentView, earned: Mapping[int, int], quizzes: Collection[int] = frozenset()) -> frozenset[int]:
    """Return the coursewares that wait for an earlier course.

    :param earned: courseware id -> confirmed ms
    :param quizzes: coursewares that are quizzes and passed
    """
    if not view.in_order or view.state == Assignment.State.COMPLETED:
        return frozenset()
    return rules.waiting(queries.parts(view.courses), earned, quizzes)


def first_unfinished(view: AssignmentView, earned: Mapping[int, int], quizzes: Collection[int] = frozenset()) -> str | None:
    """Return the title of the first course that is not complete, None when all are."""
    for course in view.courses:
        if not rules.finished_courses(queries.parts([course]), earned, quizzes):
            return course.title
    return None
