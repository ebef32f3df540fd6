"""Plans and duties for other systems: pages by the place of the last one. Samples are left out, and people whose data are only kept."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.queries import DUE
from infra.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One plan; ``required_ms`` in milliseconds, ``people`` without those who were let off."""

    id: int
    uuid: UUID
    title: str
    state: str
    basis: str
    requirement: str
    required_ms: int
    starts_on: date | None
    due_on: date
    exam_needed: bool
    opened_at: datetime
    closed_at: datetime | None
    people: int
    done: int


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """One learner's duty within a plan. ``earned_ms`` as of the last review, ``certificate`` its uuid."""

    id: int
    uuid: UUID
    plan: UUID
    learner: UUID
    state: str
    required_ms: int
    earned_ms: int
    due_on: date
    assigned_at: datetime
    exam_score: int | None
    exam_passed_at: datetime | None
    completed_at: datetime | None
    certificate: UUID | None


def _plans() -> QuerySet[TrainingPlan]:
    counted = people.real("assignments__learner") & ~Q(assignments__state=Assignment.State.EXEMPT)
    done = counted & Q(assignments__state=Assignment.State.COMPLETED)
    rows = TrainingPlan.objects.filter(sample=False)
    return rows.annotate(people=Count("assignments", filter=counted), done=Count("assignments", filter=done))


def plans_after(place: int, *, limit: int, state: str = "") -> list[PlanFacts]:
    """Return the next plans by place, at most ``limit``; one query.

    :param state: RUNNING, CLOSED, "" for both
    """
    rows = _plans().filter(pk__gt=place)
    if state:
        rows = rows.filter(state=state)
    return [_plan(row) for row in rows.order_by("pk")[:limit]]


def plan_facts(uuid: UUID) -> PlanFacts:
    """Return one plan.

    :raises DomainError: 404 ``not_found``
    """
    row = _plans().filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个培训计划，请从计划列表重新进入。"), status=404)
    return _plan(row)


def duties_after(
    place: int, *, limit: int, plan: UUID | None = None, learner: UUID | None = None, state: str = ""
) -> list[DutyFacts]:
    """Return the next duties by place, of one plan or of one learner; one query.

    :param state: ASSIGNED, COMPLETED, EXEMPT, "" for all
    """
    rows = Assignment.objects.filter(people.real("learner"), pk__gt=place, plan__sample=False, learner__restricted_at=None)
    if plan is not None:
        rows = rows.filter(plan__uuid=plan)
    if learner is not None:
        rows = rows.filter(learner__uuid=learner)
    if state:
        rows = rows.filter(state=state)
    said = rows.annotate(due=DUE, asked_ms=Coalesce("required_ms", F("plan__required_ms")))
    found = said.select_related("plan", "learner", "certificate").order_by("pk")[:limit]
    return [_duty(row) for row in found]


def _plan(row: TrainingPlan) -> PlanFacts:
    return PlanFacts(
        id=row.pk,
        uuid=row.uuid,
        title=row.title,
        state=row.state,
        basis=row.basis,
        requirement=row.requirement_code,
        required_ms=row.required_ms,
        starts_on=row.starts_on,
        due_on=row.due_on,
        exam_needed=row.exam_needed,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        people=row.people,  # type: ignore[attr-defined]
        done=row.done,  # type: ignore[attr-defined]
    )


def _duty(row: Assignment) -> DutyFacts:
    return DutyFacts(
        id=row.pk,
        uuid=row.uuid,
        plan=row.plan.uuid,
        learner=row.learner.uuid,
        state=row.state,
        required_ms=row.asked_ms,  # type: ignore[attr-defined]
        earned_ms=row.earned_ms,
        due_on=row.due,  # type: ignore[attr-defined]
        assigned_at=row.assigned_at,
        exam_score=row.exam_score,
        exam_passed_at=row.exam_passed_at,
        completed_at=row.completed_at,
        certificate=row.certificate.uuid if row.certificate else None,
    )


def count_running() -> int:
    """Count the running plans without samples."""
    return TrainingPlan.objects.filter(sample=False, state=TrainingPlan.State.RUNNING).count()


@dataclass(frozen=True, slots=True)
class UnitSums:
    """Duties in running plans of people on the books whose main unit it is; ``unit_id`` None: of people without a unit."""

    unit_id: int | None
    people: int
    duties: int
    done: int
    overdue: int


def sums_by_unit(*, on: date) -> list[UnitSums]:
    """Return the sums of each unit that somebody with a duty belongs to, units below not counted in; one query."""
    rows = Assignment.objects.filter(people.real("learner"), learner__status="ACTIVE", plan__sample=False)
    rows = rows.filter(plan__state=TrainingPlan.State.RUNNING).exclude(state=Assignment.State.EXEMPT).annotate(due=DUE)
    done, late = Q(state=Assignment.State.COMPLETED), Q(state=Assignment.State.ASSIGNED, due__lt=on)
    sums = rows.order_by("learner__unit_id").values_list("learner__unit_id")
    found = sums.annotate(
        n=Count("learner", distinct=True), all=Count("pk"), done=Count("pk", filter=done), late=Count("pk", filter=late)
    )
    return [UnitSums(*row) for row in found]
