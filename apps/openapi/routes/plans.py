"""Training plans and duties."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from apps.openapi import cursors, repeating
from apps.openapi.cursors import Cursor, Limit
from apps.openapi.guards import asking
from apps.openapi.operations import operation
from apps.openapi.scopes import Scope
from apps.openapi.shapes import AddedOut, DutyOut, DutyPage, PlanOut, PlanPage, WhoIn
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

router = Router(tags=["plans"])
_PLANS, _DUTIES = "plans", "duties"
PlanState = Literal["RUNNING", "CLOSED"]
DutyState = Literal["ASSIGNED", "COMPLETED", "EXEMPT"]


@operation(
    router, "GET", "/plans", scope=Scope.PLANS_READ, answers=PlanPage, summary=gettext_noop("培训计划列表"), name="listPlans"
)
def plan_list(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = cursors.USUAL, state: PlanState | None = None
) -> PlanPage:
    """Return plans in the order in which they were opened."""
    found = plans.plans_after(cursors.read(cursor, of=_PLANS), limit=limit + 1, state=state or "")
    shown, following = cursors.page(found, limit=limit, of=_PLANS, places=[one.id for one in found])
    return PlanPage(items=[plan_out(one) for one in shown], next=following)


@operation(
    router, "GET", "/plans/{plan}", scope=Scope.PLANS_READ, answers=PlanOut, summary=gettext_noop("一个培训计划"), name="getPlan"
)
def plan_one(request: HttpRequest, plan: UUID) -> PlanOut:
    """Return one plan."""
    return plan_out(plans.plan_facts(plan))


@operation(
    router,
    "GET",
    "/plans/{plan}/duties",
    scope=Scope.PLANS_READ,
    answers=DutyPage,
    summary=gettext_noop("计划里的学员任务"),
    name="listDutiesOfPlan",
)
def duties_of_plan(
    request: HttpRequest, plan: UUID, cursor: Cursor = "", limit: Limit = cursors.USUAL, state: DutyState | None = None
) -> DutyPage:
    """Return who must do the plan, and where each stands."""
    place = cursors.read(cursor, of=_DUTIES)
    plans.plan_facts(plan)
    return _duties(plans.duties_after(place, limit=limit + 1, plan=plan, state=state or ""), limit)


@operation(
    router,
    "GET",
    "/learners/{learner}/duties",
    scope=Scope.PLANS_READ,
    answers=DutyPage,
    summary=gettext_noop("学员的任务"),
    name="listDutiesOfLearner",
)
def duties_of_learner(
    request: HttpRequest, learner: UUID, cursor: Cursor = "", limit: Limit = cursors.USUAL, state: DutyState | None = None
) -> DutyPage:
    """Return what one learner must do."""
    place = cursors.read(cursor, of=_DUTIES)
    people.open_learner(learner)
    return _duties(plans.duties_after(place, limit=limit + 1, learner=learner, state=state or ""), limit)


@operation(
    router,
    "POST",
    "/plans/{plan}/learners",
    scope=Scope.PLANS_WRITE,
    answers=AddedOut,
    summary=gettext_noop("把学员加入计划"),
    name="addLearnersToPlan",
)
def add_learners(request: HttpRequest, plan: UUID, body: WhoIn, said: repeating.Said = None) -> HttpResponse:
    """Bring learners into a running plan; those already in it stay as they are. All or none."""

    def do() -> AddedOut:
        ids = people.active_ids(body.learner_ids)
        if len(ids) != len(set(body.learner_ids)):
            raise DomainError("unknown_learner", _("有的学员不在册，请核对 learner_ids。没有加入任何人。"), status=422)
        at = clock.now()
        who = plans.Who(kind="picked", learner_ids=ids)
        added = plans.add_learners(plan_uuid=plan, who=who, at=at, by=asking(request).name)
        actor = asking(request).actor
        audit.record("openapi.plan_joined", actor=actor, target=f"plan:{plan}", at=at, ip=client_ip(request), added=added)
        return AddedOut(added=added)

    return repeating.once(request, said, do)


def _duties(found: list[plans.DutyFacts], limit: int) -> DutyPage:
    shown, following = cursors.page(found, limit=limit, of=_DUTIES, places=[one.id for one in found])
    return DutyPage(items=[duty_out(one) for one in shown], next=following)


def plan_out(facts: plans.PlanFacts) -> PlanOut:
    """Return the public shape of a plan."""
    return PlanOut(
        id=facts.uuid,
        title=facts.title,
        state=facts.state,  # type: ignore[arg-type]
        basis=facts.basis,
        requirement=facts.requirement,
        required_s=facts.required_ms // 1000,
        starts_on=facts.starts_on,
        due_on=facts.due_on,
        exam_needed=facts.exam_needed,
        opened_at=facts.opened_at,
        closed_at=facts.closed_at,
        people=facts.people,
        done=facts.done,
    )


def duty_out(facts: plans.DutyFacts) -> DutyOut:
    """Return the public shape of a duty."""
    return DutyOut(
        id=facts.uuid,
        plan_id=facts.plan,
        learner_id=facts.learner,
        state=facts.state,  # type: ignore[arg-type]
        required_s=facts.required_ms // 1000,
        earned_s=facts.earned_ms // 1000,
        due_on=facts.due_on,
        assigned_at=facts.assigned_at,
        exam_score=facts.exam_score,
        exam_passed_at=facts.exam_passed_at,
        completed_at=facts.completed_at,
        certificate_id=facts.certificate,
    )
