"""Rules at work: whoever fits a rule of a running plan and is not in it is brought in. Doing it again changes nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.people import api as people
from apps.plans import assigning
from apps.plans.models import Assignment, AssignmentRule, TrainingPlan
from infra.kit import clock


def choices(rules: Iterable[AssignmentRule]) -> list[people.Choice]:
    """Return rules as `people.chosen` takes them."""
    return [people.Choice(row.kind, row.unit_id, row.word, tuple(row.learner_ids)) for row in rules]  # type: ignore[arg-type]


def newcomers(plan: TrainingPlan, wanted: Iterable[people.Choice]) -> list[int]:
    """Return the ids of those that the rules mean and that are not in the plan; who was let off is in it."""
    known = Assignment.objects.filter(plan=plan).values("learner_id")
    return list(people.chosen(wanted).exclude(pk__in=known).order_by("pk").values_list("pk", flat=True))


def open_plans(*, at: datetime) -> QuerySet[TrainingPlan]:
    """Return the running plans with rules that still take people in: nobody is brought in to be late at once, so after the
    deadline only those plans do that give newcomers days of their own.
    """
    rules = AssignmentRule.objects.filter(plan=OuterRef("pk"))
    has_time = Q(due_on__gte=clock.shanghai_date(at)) | Q(newcomer_days__isnull=False)
    return TrainingPlan.objects.filter(has_time, Exists(rules), state=TrainingPlan.State.RUNNING).order_by("pk")


@transaction.atomic
def follow(plan_id: int, *, at: datetime) -> int:
    """Bring in who fits the rules of a plan now; returns how many."""
    plan = open_plans(at=at).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        return 0
    ids = newcomers(plan, choices(plan.rules.all()))
    added = assigning.assign(plan, ids, at=at) if ids else 0
    tell_assigned(plan, ids, at=at)
    return added


def follow_all(*, at: datetime) -> int:
    """Bring in who fits in all running plans of the enterprise, a transaction for each; returns how many duties are new."""
    return sum(follow(plan_id, at=at) for plan_id in list(open_plans(at=at).values_list("pk", flat=True)))


def tell_assigned(plan: TrainingPlan, ids: Iterable[int], *, at: datetime) -> None:
    """Tell learners of a new duty, each once."""
    due = assigning.own_deadline(plan, at=at) or plan.due_on
    context = {"plan": plan.title, "due": due.isoformat()}
    people.notify_all(kind="plan.assigned", learner_ids=ids, context=context, at=at, about=f"plan:{plan.uuid}")
