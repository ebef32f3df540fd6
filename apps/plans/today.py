"""What a learner has to do now: each running duty with the one step that comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.plans import locks, queries, rules
from apps.plans.ports import CREDIT
from apps.plans.shapes import AssignmentView, Standing
from infra.kit import clock


@dataclass(frozen=True, slots=True)
class Task:
    """One running duty as its card shows it. ``next_url`` leads to the one thing to do now; ``step`` is ``learn``, ``class`` or ``exam``.

    :param waits: why nothing can be done yet, in words; "" where something can
    """

    view: AssignmentView
    standing: Standing
    step: str
    next_url: str
    next_title: str
    days_left: int
    waits: str = ""

    @property
    def has_hours(self) -> bool:
        """Whether a whole credit hour is due; of less the ring already tells every minute."""
        return self.view.required_ms >= rules.HOUR_MS

    @property
    def left_ms(self) -> int:
        """Credit that is still due."""
        return max(0, self.view.required_ms - self.standing.earned_ms)

    @property
    def is_soon(self) -> bool:
        """Whether the deadline is near, and not over."""
        return 0 <= self.days_left <= rules.SOON.days


@dataclass(frozen=True, slots=True)
class Duties:
    """All duties of one learner: ``running`` by deadline, what waits last; ``over`` completed or closed. ``earned`` is ms by courseware."""

    running: list[Task]
    over: list[AssignmentView]
    earned: Mapping[int, int]

    @property
    def views(self) -> list[AssignmentView]:
        """Every duty, running ones first."""
        return [*(task.view for task in self.running), *self.over]


def duties(learner_id: int, *, at: datetime) -> Duties:
    """Return a learner's duties with what is earned live; the number of queries does not grow with them."""
    views = queries.assignments_of(learner_id)
    wanted = sorted({key for view in views for key in view.courseware_ids})
    earned = CREDIT.get().earned_ms(learner_id=learner_id, courseware_ids=wanted) if wanted else {}
    quizzes = queries.quizzes_done(learner_id, sorted({key for view in views for key in view.quiz_ids}))
    learnt = quizzes | queries.held(learner_id, views)
    open_ones = [view for view in views if view.state != "COMPLETED" and view.plan_state == "RUNNING"]
    over = [view for view in views if view not in open_ones]
    running = sorted((_task(view, earned, quizzes, learnt, at) for view in open_ones), key=lambda task: bool(task.waits))
    return Duties(running, over, earned)


def _task(view: AssignmentView, earned: Mapping[int, int], quizzes: frozenset[int], learnt: frozenset[int], at: datetime) -> Task:
    standing = queries.standing_from(view, earned, quizzes)
    today = clock.shanghai_date(at)
    days = (view.due_on - today).days
    closed = locks.plan_lock(view, today=today)
    if closed is not None:
        return Task(view, standing, "learn", reverse("learn-course", args=[view.uuid]), "", days, str(closed.message))
    step, url, title = _next(view, standing, earned, learnt)
    return Task(view, standing, step, url, title, days)


def _next(view: AssignmentView, standing: Standing, earned: Mapping[int, int], learnt: frozenset[int]) -> tuple[str, str, str]:
    if standing.learning_done and view.exam_needed and view.exam_passed_at is None:
        return "exam", reverse("learn-exam", args=[view.uuid]), ""
    if standing.courses_ok and view.offline_ms < view.offline_due_ms:
        return "class", reverse("learn-classes"), _("线下课")
    for course in view.courses:
        for lesson in course.lessons:
            if lesson.id not in learnt and not rules.is_complete(earned.get(lesson.id, 0), lesson.duration_ms):
                page = "learn-quiz" if lesson.is_quiz else "learn-player"
                return "learn", reverse(page, args=[view.uuid, lesson.id]), f"{course.title} · {lesson.title}"
    return "learn", reverse("learn-course", args=[view.uuid]), view.plan_title
