"""Reads of the manager's pages. Every list costs the same number of queries however long it is."""

from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.shapes import PlanName
from infra.kit.errors import DomainError

_OPEN = Q(assignments__state=Assignment.State.ASSIGNED)
_DONE = Q(assignments__state=Assignment.State.COMPLETED)
_DUE = ~Q(assignments__state=Assignment.State.EXEMPT)
"""Whoever was let off a plan is not counted among its people."""

PLAN_SORTS = {
    "due": ("due_on", "id"),
    "-due": ("-due_on", "-id"),
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "people": ("people", "id"),
    "-people": ("-people", "-id"),
    "opened": ("opened_at", "id"),
    "-opened": ("-opened_at", "-id"),
}
DUTY_SORTS = {
    "name": ("learner__name", "id"),
    "-name": ("-learner__name", "-id"),
    "progress": ("reached", "learner__name", "id"),
    "-progress": ("-reached", "learner__name", "id"),
    "exam": (F("exam_score").asc(nulls_first=True), "learner__name", "id"),
    "-exam": (F("exam_score").desc(nulls_last=True), "learner__name", "id"),
}


def plan_list(
    *, text: str = "", state: str = "", sort: str = "", today: date, within: people.Units = None
) -> QuerySet[TrainingPlan]:
    """Return plans with ``people``, ``done`` and ``late`` counted in the same query.

    :param state: ``RUNNING``, ``CLOSED``, ``OVERDUE`` (running, past its day, somebody unfinished) or ""
    :param within: units that the asker sees: plans with somebody of them, and only those people counted
    """
    seen = people.belongs(within, "assignments__learner")
    over = Q(assignments__due_on__isnull=True) | Q(assignments__due_on__lt=today)
    rows = _plans(within).annotate(
        people=Count("assignments", filter=seen & _DUE),
        done=Count("assignments", filter=_DONE & seen),
        late=Case(
            When(due_on__lt=today, state="RUNNING", then=Count("assignments", filter=_OPEN & over & seen)), default=Value(0)
        ),
    )
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(requirement_title__icontains=word))
    if state == "OVERDUE":
        rows = rows.filter(late__gt=0)
    elif state in TrainingPlan.State.values:
        rows = rows.filter(state=state)
    return rows.order_by(*PLAN_SORTS.get(sort, ("-state", "due_on", "id")))


def _plans(within: people.Units) -> QuerySet[TrainingPlan]:
    if within is None:
        return TrainingPlan.objects.all()
    seen = Assignment.objects.filter(people.belongs(within, "learner"), plan=OuterRef("pk"))
    return TrainingPlan.objects.filter(Exists(seen))


def plan(uuid: UUID, *, within: people.Units = None) -> TrainingPlan:
    """Return one plan with ``people`` and ``done`` of the units ``within`` counted.

    :raises DomainError: ``not_found`` (404), also where nobody of those units is in it
    """
    seen = people.belongs(within, "assignments__learner")
    rows = _plans(within).filter(uuid=uuid)
    rows = rows.annotate(people=Count("assignments", filter=seen & _DUE), done=Count("assignments", filter=_DONE & seen))
    found = rows.first()
    if found is None:
        raise DomainError("not_found", _("没有找到这个培训计划，请从计划列表重新进入。"), status=404)
    return found


def plan_named(uuid: UUID, *, within: people.Units = None) -> PlanName:
    """Return which plan that is; for rooms that show something of it.

    :raises DomainError: ``not_found`` (404), also where nobody of those units is in it
    """
    row = plan(uuid, within=within)
    return PlanName(row.pk, row.uuid, row.title)


def duties(
    plan: TrainingPlan, *, text: str = "", state: str = "", sort: str = "", today: date, within: people.Units = None
) -> QuerySet[Assignment]:
    """Return the assignments of a plan with certificate, ``asked_ms`` (what is required), ``is_late`` and ``reached`` (earned of it).

    :param state: ``COMPLETED``, ``ASSIGNED``, ``EXEMPT``, ``OVERDUE``, ``NEW`` (nothing earned yet) or ""
    """
    rows = Assignment.objects.filter(people.belongs(within, "learner"), plan=plan).select_related("certificate", "learner__unit")
    rows = rows.annotate(asked_ms=Coalesce("required_ms", Value(plan.required_ms)))
    rows = rows.annotate(reached=Least(F("earned_ms"), F("asked_ms")))
    for word in text.split():
        rows = rows.filter(Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word))
    is_over = plan.state == TrainingPlan.State.RUNNING and plan.due_on < today
    late = Q(state=Assignment.State.ASSIGNED) & (Q(due_on__isnull=True) | Q(due_on__lt=today))
    rows = rows.annotate(is_late=ExpressionWrapper(late if is_over else Q(pk__in=[]), BooleanField()))
    if state == "OVERDUE":
        rows = rows.filter(is_late=True)
    elif state == "NEW":
        rows = rows.filter(earned_ms=0, state=Assignment.State.ASSIGNED)
    elif state in Assignment.State.values:
        rows = rows.filter(state=state)
    return rows.order_by(*DUTY_SORTS.get(sort, DUTY_SORTS["name"]))
