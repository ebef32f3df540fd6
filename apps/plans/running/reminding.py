"""Reminders: who has not finished is told before and after the deadline, managers how many are late. Safe to run often."""

from datetime import date, datetime

from django.db import transaction

from apps.people import api as people
from apps.plans.models import Assignment, TrainingPlan
from infra.kit import clock

BEFORE = (1, 3, 7)
"""Days before the deadline at which learners are told; a run that was missed is made up for until the next one."""
_WEEKS = 4
"""Reminders after the deadline, one a week."""


def occasion(due_on: date, *, today: date) -> tuple[str, str] | None:
    """Return (kind, which turn) of what is to be told today of a plan with this deadline, None for nothing."""
    left = (due_on - today).days
    if left < 0:
        week = (-left - 1) // 7
        return ("plan.overdue", f"late-{week}") if week < _WEEKS else None
    turn = next((days for days in BEFORE if left <= days), None)
    return None if turn is None else ("plan.due_soon", f"due-{turn}")


def remind_all(*, at: datetime) -> int:
    """Remind the people of every running plan; returns of how many plans there was something to tell."""
    today = clock.shanghai_date(at)
    plans = TrainingPlan.objects.filter(state=TrainingPlan.State.RUNNING, sample=False).order_by("due_on", "pk")
    return sum(remind(plan, at=at) for plan in plans if plan.starts_on is None or plan.starts_on <= today)


@transaction.atomic
def remind(plan: TrainingPlan, *, at: datetime) -> bool:
    """Tell those who have not finished, once for each occasion and deadline; a moved deadline is told anew.

    Whose data are restricted is not pressed: they may not learn now (0063). Who came in later and has a deadline of the own is told by
    that one.
    """
    rows = Assignment.objects.filter(plan=plan, state=Assignment.State.ASSIGNED)
    rows = rows.filter(learner__status="ACTIVE", learner__restricted_at=None)
    unfinished: dict[date, list[int]] = {}
    for learner_id, own in rows.order_by("learner_id").values_list("learner_id", "due_on"):
        unfinished.setdefault(max(plan.due_on, own or plan.due_on), []).append(learner_id)
    told = [_tell(plan, due, ids, at) for due, ids in unfinished.items()]
    return any(told)


def _tell(plan: TrainingPlan, due: date, ids: list[int], at: datetime) -> bool:
    found = occasion(due, today=clock.shanghai_date(at))
    if found is None:
        return False
    kind, turn = found
    left = (due - clock.shanghai_date(at)).days
    context: dict[str, str | int] = {"plan": plan.title, "due": due.isoformat(), "days": max(0, left)}
    about = f"plan:{plan.uuid}/{due.isoformat()}/{turn}"
    people.notify_all(kind=kind, learner_ids=ids, context=context, at=at, about=about)
    if kind == "plan.overdue":
        context |= {"uuid": str(plan.uuid), "n": len(ids)}
        managers = people.managers_who(people.Permission.PLANS_CHANGE)
        people.notify_all(kind="plan.late_people", manager_ids=managers, context=context, at=at, about=about)
    return True
