"""What an inspector sees: plans, roster, hours, classes, exams, certificates of one scope. Reads only; numbers of people masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import Assignment, OfflineClass, PlanCourse, Seat, SignOff, TrainingPlan
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError

_SLICE = 1_000


class Scoped(Protocol):
    """A link or a package."""

    unit_id: int | None
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Scope:
    """``within``: units whose people are shown, None for everybody; days are both included."""

    unit_id: int | None
    within: people.Units
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Sums:
    """Numbers of a scope. ``people`` on the books; ``duties``, ``done``, ``certificates``, ``signed`` of its plans."""

    people: int
    plans: int
    duties: int
    done: int
    certificates: int
    signed: int

    @property
    def percent(self) -> int:
        """Share of duties that are done, cut."""
        return self.done * 100 // self.duties if self.duties else 0


def scope_of(row: Scoped) -> Scope:
    """Return what a link or a package shows, in one query, without a unit in none."""
    within: people.Units = None
    if row.unit_id is not None:
        within = people.below(row.unit_id, ((node.id, node.parent_id) for node in people.unit_tree().values()))
    return Scope(row.unit_id, within, row.since, row.until)


def plans(scope: Scope) -> QuerySet[TrainingPlan]:
    """Return the plans that ran within the period and have somebody of the scope, with ``people`` and ``done`` counted; by opening."""
    mine = people.belongs(scope.within, "assignments__learner") & people.real("assignments__learner")
    mine &= ~Q(assignments__state=Assignment.State.EXEMPT)
    begin, end = clock.shanghai_midnight(scope.since), clock.shanghai_midnight(scope.until + timedelta(days=1))
    ran = Q(opened_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=begin))
    rows = TrainingPlan.objects.filter(ran, sample=False)
    done = mine & Q(assignments__state=Assignment.State.COMPLETED)
    rows = rows.annotate(people=Count("assignments", filter=mine), done=Count("assignments", filter=done))
    return rows.filter(people__gt=0).order_by("opened_at", "pk")


def plan(scope: Scope, uuid: UUID) -> TrainingPlan:
    """Return one plan of the scope.

    :raises DomainError: 404 ``not_found``, also for a plan outside it
    """
    found = plans(scope).filter(uuid=uuid).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这个培训计划，或不在本次检查范围内。"), status=404)
    return found


def duties(scope: Scope, plan: TrainingPlan | None = None) -> QuerySet[Assignment]:
    """Return the duties of the scope, or of one plan of it, with learner, unit, plan and certificate loaded; by plan and name."""
    rows = Assignment.objects.filter(people.belongs(scope.within, "learner"), people.real("learner"))
    rows = rows.filter(plan=plan) if plan else rows.filter(plan__in=plans(scope).values("pk"))
    return rows.select_related("plan", "certificate", "learner__unit", "sign_off").order_by(
        "plan__opened_at", "plan_id", "learner__name", "pk"
    )


def signature(row: Assignment) -> SignOff | None:
    """Return the learner's signature under the record of a duty, or None."""
    found: SignOff | None = getattr(row, "sign_off", None)
    return found


def certified(scope: Scope) -> QuerySet[Assignment]:
    """Return the duties that ended in a certificate, newest first, with what `records.certificate_state` asks for."""
    rows = duties(scope).filter(certificate__isnull=False).order_by("-certificate__issued_at", "-pk")
    return records.with_certificate_state(rows, at="certificate__")


def sums(scope: Scope) -> Sums:
    """Return the numbers of a scope, in three queries."""
    found = (
        duties(scope)
        .order_by()
        .aggregate(
            duties=Count("pk", filter=~Q(state=Assignment.State.EXEMPT)),
            done=Count("pk", filter=Q(state=Assignment.State.COMPLETED)),
            certificates=Count("certificate"),
            signed=Count("sign_off"),
        )
    )
    return Sums(people=people.count_learners(unit_id=scope.unit_id), plans=plans(scope).count(), **found)


def courses(scope: Scope) -> QuerySet[PlanCourse]:
    """Return the courses of the scope's plans with their plans."""
    rows = PlanCourse.objects.filter(plan__in=plans(scope).values("pk"))
    return rows.select_related("plan").order_by("plan__opened_at", "plan_id", "no")


def classes(scope: Scope) -> QuerySet[OfflineClass]:
    """Return the confirmed classes of the period that somebody of the scope earned hours in; ``people`` who did, ``earned_ms`` together."""
    begin, end = clock.shanghai_midnight(scope.since), clock.shanghai_midnight(scope.until + timedelta(days=1))
    held = OfflineClass.objects.filter(
        state=OfflineClass.State.CONFIRMED, starts_at__gte=begin, starts_at__lt=end, plan__sample=False
    )
    mine = people.belongs(scope.within, "seats__learner") & people.real("seats__learner") & Q(seats__credit_ms__gt=0)
    rows = held.annotate(people=Count("seats", filter=mine), earned_ms=Sum("seats__credit_ms", filter=mine))
    return rows.filter(people__gt=0).select_related("plan", "trainer", "room", "confirmed_by").order_by("starts_at", "pk")


def seats(scope: Scope) -> QuerySet[Seat]:
    """Return who earned how much in which class of the scope; by class and name."""
    mine = people.belongs(scope.within, "learner") & people.real("learner")
    rows = Seat.objects.filter(mine, credit_ms__gt=0, klass__in=classes(scope).values("pk"))
    return rows.select_related("klass", "learner__unit").order_by("klass__starts_at", "klass_id", "learner__name", "pk")


def roster(scope: Scope) -> Iterator[people.LearnerView]:
    """Yield the people on the books of the scope by name, a thousand at a time."""
    offset = 0
    while found := people.search_learners(unit_id=scope.unit_id, limit=_SLICE, offset=offset):
        yield from found
        offset += _SLICE


def slices(scope: Scope) -> Iterator[list[Assignment]]:
    """Yield the duties of the scope, a thousand at a time."""
    part: list[Assignment] = []
    for row in duties(scope).iterator(chunk_size=_SLICE):
        part.append(row)
        if len(part) == _SLICE:
            yield part
            part = []
    if part:
        yield part
