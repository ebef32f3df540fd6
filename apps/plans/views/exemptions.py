"""Letting people off a plan: propose, decide, take back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans import console
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.running import exemptions
from infra.kit import clock
from infra.kit.errors import DomainError


class ReasonForm(forms.Form):
    """Why somebody need not learn."""

    reason = forms.CharField(
        label=gettext_lazy("免训理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明免训理由，5 到 200 个字。")},
    )


@require_GET
@people.manager_page(people.Permission.PLANS_SEE)
def listing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who was let off a plan, and what waits for a decision."""
    within = people.within(request)
    plan = console.plan(uuid, within=within)
    me = people.profile(request).manager
    rows = list(exemptions.of_plan(plan, within=within)[:200])
    known = people.learners([row.learner_id for row in rows])
    lines = [(row, known[row.learner_id]) for row in rows]
    is_running = plan.state == TrainingPlan.State.RUNNING
    values = {"plan": plan, "lines": lines, "me": me.id if me else 0, "own": _own(request), "is_running": is_running}
    return render(request, "plans/console_exemptions.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.PLANS_CHANGE)
def propose(request: HttpRequest, uuid: UUID, learner: UUID) -> HttpResponse:
    """Ask for the reason and propose to let one person off."""
    plan, view = console.plan(uuid), people.learner_by_uuid(learner)
    if not Assignment.objects.filter(plan=plan, learner_id=view.id).exists():
        raise DomainError("not_found", _("这名学员不在这个计划里，请从计划页重新选择。"), status=404)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            exemptions.propose(plan_uuid=uuid, learner_id=view.id, reason=form.cleaned_data["reason"], **_asker(request))
        except DomainError as refusal:
            form.add_error("reason" if refusal.code == "reason" else None, str(refusal.message))
        else:
            messages.success(request, _("已提交免训申请，等另一位管理员审批。"))
            return redirect("console-plan-exemptions", uuid)
    status = 422 if form.errors else 200
    return render(request, "plans/console_exempt.html", {"plan": plan, "learner": view, "form": form}, status=status)


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def decide(request: HttpRequest, exemption: UUID) -> HttpResponse:
    """Approve (``answer=yes``) or decline what somebody else proposed."""
    approve = request.POST.get("answer") == "yes"
    return _done(
        request, exemption, exemptions.decide, approve=approve, said=_("已批准免训。") if approve else _("未批准，学员照常学习。")
    )


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def end(request: HttpRequest, exemption: UUID) -> HttpResponse:
    """Withdraw a proposal or revoke an approval."""
    return _done(request, exemption, exemptions.end, said=_("已取消，学员照常学习。"))


def _done(request: HttpRequest, exemption: UUID, act: Any, *, said: str, **more: Any) -> HttpResponse:
    plan = exemptions.plan_of(exemption)
    try:
        act(exemption=exemption, **_asker(request), **more)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, said)
    return redirect("console-plan-exemptions", plan)


def _asker(request: HttpRequest) -> dict[str, Any]:
    return {"by": people.profile(request).manager, "own": _own(request), "at": clock.now()}


def _own(request: HttpRequest) -> int | None:
    """Return the manager's own id as a learner."""
    learner = people.profile(request).learner
    return learner.id if learner else None
