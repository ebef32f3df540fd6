"""Where people land: by role; and the learner's home."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.people import api as people
from apps.plans import locks, queries, ratings, rules
from apps.plans.ports import CREDIT
from apps.plans.shapes import AssignmentView, Standing
from apps.records import api as records
from infra.kit import clock
from public.persons import api as persons

DAY_MS = 8 * rules.HOUR_MS
"""At most 8 credit hours a day count (clause 三.5)."""
_MOST_UNRATED = 2
"""Courses that the home asks about at once."""


@require_GET
@people.declares(people.Permission.PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Lead managers to the console, learners to their home, strangers to sign-in."""
    who = people.profile(request)
    if who.kind is None:
        return redirect("sign-in")
    return redirect("console" if who.kind == "manager" else "learn-home")


@dataclass(frozen=True, slots=True)
class Task:
    """One duty as its card shows it. ``next_url`` leads to the one thing to do now; ``waits`` says why there is nothing yet."""

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


@require_GET
@people.learner_page
def learn_home(request: HttpRequest) -> HttpResponse:
    """Show what to go on with, deadlines, what is left of the day, certificates."""
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    at = clock.now()
    views = queries.assignments_of(learner.id)
    wanted = sorted({key for view in views for key in view.courseware_ids})
    earned = CREDIT.get().earned_ms(learner_id=learner.id, courseware_ids=wanted) if wanted else {}
    tasks = [_task(view, earned, at) for view in views if view.state != "COMPLETED" and view.plan_state == "RUNNING"]
    tasks.sort(key=lambda task: bool(task.waits))
    used = persons.day_used(person_key=learner.person_key, day=clock.shanghai_date(at))
    values = {
        "learner": learner,
        "first": tasks[0] if tasks else None,
        "tasks": tasks[1:],
        "certificates": records.certificates_of(learner.uuid),
        "used_ms": used,
        "left_ms": max(0, DAY_MS - used),
        "day_ms": DAY_MS,
        "any": bool(views),
        "unrated": ratings.unrated(learner.id, views, earned)[:_MOST_UNRATED],
        "stars": ratings.STARS[::-1],
    }
    return render(request, "plans/learn_home.html", values)


def _task(view: AssignmentView, earned: dict[int, int], at: datetime) -> Task:
    standing = queries.standing_from(view, earned)
    days = (view.due_on - clock.shanghai_date(at)).days
    closed = locks.plan_lock(view, today=clock.shanghai_date(at))
    if closed is not None:
        url = reverse("learn-course", args=[view.uuid])
        return Task(view, standing, "learn", url, "", days, str(closed.message))
    step, url, title = _next(view, standing, earned)
    return Task(view, standing, step, url, title, days)


def _next(view: AssignmentView, standing: Standing, earned: dict[int, int]) -> tuple[str, str, str]:
    if standing.learning_done and view.exam_needed and view.exam_passed_at is None:
        return "exam", reverse("learn-exam", args=[view.uuid]), ""
    if standing.courses_ok and view.offline_ms < view.offline_due_ms:
        return "class", reverse("learn-classes"), _("线下课")
    for course in view.courses:
        for lesson in course.lessons:
            if not rules.is_complete(earned.get(lesson.id, 0), lesson.duration_ms):
                return "learn", reverse("learn-player", args=[view.uuid, lesson.id]), f"{course.title} · {lesson.title}"
    return "learn", reverse("learn-course", args=[view.uuid]), view.plan_title
