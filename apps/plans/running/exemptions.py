"""Letting one person off a plan: one manager proposes it with a reason, another one decides; nobody for themselves."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import opening
from apps.plans.models import Assignment, Exemption, TrainingPlan
from infra.kit.errors import DomainError

State = Exemption.State
LEAST_REASON = 5
"""Characters of a reason: a word alone explains nothing to an inspector."""


@transaction.atomic
def propose(*, plan_uuid: UUID, learner_id: int, reason: str, by: people.ManagerView, own: int | None, at: datetime) -> Exemption:
    """Propose to let somebody off who has the plan and has not completed it.

    :param own: the manager's own id as a learner, None without one
    :raises DomainError: 404 ``not_found``; ``reason``; 403 ``own_exemption``; 409 ``plan_closed``, ``already_completed``, ``already_proposed``
    """
    plan = opening.running(plan_uuid)
    duty = _duty(plan, learner_id)
    if own == learner_id:
        raise DomainError("own_exemption", _("不能为自己申请免训，请由另一位管理员申请。"), status=403)
    reason = " ".join(reason.split())
    if not LEAST_REASON <= len(reason) <= 200:
        words = _("请写明免训理由，%(least)d 到 200 个字，例如“已在集团完成同类培训，证书编号…”。")
        raise DomainError("reason", words % {"least": LEAST_REASON}, field="reason")
    if duty.state == Assignment.State.COMPLETED:
        raise DomainError("already_completed", _("这名学员已经完成培训，不需要免训。"), status=409)
    if Exemption.objects.filter(plan=plan, learner_id=learner_id, state__in=[State.PROPOSED, State.APPROVED]).exists():
        raise DomainError("already_proposed", _("这名学员已有免训申请，请直接处理那一条。"), status=409)
    row = Exemption.objects.create(plan=plan, learner_id=learner_id, reason=reason, proposed_by_id=by.id, proposed_at=at)
    others = [one for one in people.managers_who(people.Permission.PLANS_CHANGE) if one != by.id]
    context = {"plan": plan.title, "uuid": str(plan.uuid), "by": by.name}
    people.notify_all(kind="plan.exemption", manager_ids=others, context=context, at=at, about=f"exemption:{row.uuid}")
    return row


@transaction.atomic
def decide(*, exemption: UUID, approve: bool, by: people.ManagerView, own: int | None, at: datetime) -> Exemption:
    """Approve or decline what another manager proposed; approved, the learner's open duty is let off.

    :raises DomainError: 404 ``not_found``; 403 ``own_proposal``, ``own_exemption``; 409 ``already_decided``, ``already_completed``, ``plan_closed``
    """
    row = _locked(exemption)
    if row.state != State.PROPOSED:
        raise DomainError("already_decided", _("这条申请已经处理过了，请刷新页面查看结果。"), status=409)
    if row.proposed_by_id == by.id:
        words = _("申请人不能审批自己的申请，请由另一位管理员审批。没有其他管理员时，请先在“管理员”里邀请一位。")
        raise DomainError("own_proposal", words, status=403)
    if own == row.learner_id:
        raise DomainError("own_exemption", _("不能审批自己的免训，请由另一位管理员审批。"), status=403)
    opening.running(row.plan.uuid)
    duty = _duty(row.plan, row.learner_id)
    if approve and duty.state == Assignment.State.COMPLETED:
        raise DomainError("already_completed", _("这名学员已经完成培训，不需要免训。"), status=409)
    row.state, row.decided_by_id, row.decided_at = (State.APPROVED if approve else State.DECLINED), by.id, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    if approve:
        _set(duty, Assignment.State.EXEMPT)
    return row


@transaction.atomic
def end(*, exemption: UUID, by: people.ManagerView, own: int | None, at: datetime) -> Exemption:
    """Withdraw a proposal, or revoke an approval: then the duty counts again. What was decided stays to be read.

    :raises DomainError: 404 ``not_found``; 403 ``own_exemption``; 409 ``already_decided``, ``plan_closed``
    """
    row = _locked(exemption)
    if row.state not in {State.PROPOSED, State.APPROVED}:
        raise DomainError("already_decided", _("这条申请已经处理过了，请刷新页面查看结果。"), status=409)
    if own == row.learner_id:
        raise DomainError("own_exemption", _("不能处理自己的免训，请由另一位管理员处理。"), status=403)
    opening.running(row.plan.uuid)
    was_approved = row.state == State.APPROVED
    row.state, row.ended_at = (State.REVOKED if was_approved else State.WITHDRAWN), at
    row.save(update_fields=["state", "ended_at"])
    if was_approved:
        _set(_duty(row.plan, row.learner_id), Assignment.State.ASSIGNED)
    return row


def of_plan(plan: TrainingPlan, *, within: people.Units = None) -> QuerySet[Exemption]:
    """Return the exemptions of a plan with who asked and decided, those that wait first, of people of the units ``within``."""
    rows = Exemption.objects.filter(people.belongs(within, "learner"), plan=plan)
    waiting_first = Case(When(state=State.PROPOSED, then=Value(0)), default=Value(1))
    return rows.select_related("learner__unit", "proposed_by", "decided_by").order_by(waiting_first, "-proposed_at", "-pk")


def _set(duty: Assignment, state: Assignment.State) -> None:
    duty.state = state
    duty.save(update_fields=["state"])


def _duty(plan: TrainingPlan, learner_id: int) -> Assignment:
    duty = Assignment.objects.select_for_update().filter(plan=plan, learner_id=learner_id).first()
    if duty is None:
        raise DomainError("not_found", _("这名学员不在这个计划里，请从计划页重新选择。"), status=404)
    return duty


def _locked(uuid: UUID) -> Exemption:
    row = Exemption.objects.select_for_update(of=("self",)).select_related("plan").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条免训申请，请从计划页重新进入。"), status=404)
    return row


def plan_of(exemption: UUID) -> UUID:
    """Return the plan of an exemption.

    :raises DomainError: 404 ``not_found``
    """
    found = Exemption.objects.filter(uuid=exemption).values_list("plan__uuid", flat=True).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这条免训申请，请从计划页重新进入。"), status=404)
    return found
