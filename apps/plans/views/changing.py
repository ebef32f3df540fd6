"""Changing a running plan: the form, its effect, and making it. Who comes second is told what differs and keeps what was typed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.people import api as people
from apps.plans import console
from apps.plans.exam_form import take_over
from apps.plans.models import TrainingPlan
from apps.plans.running import changing, comparing
from apps.plans.running.form import FIELD_OF, ChangeForm
from apps.plans.running.wording import rules_in_words
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.search import api as search

_OFFERED = 20


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.PLANS_CHANGE)
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the form; ``go=preview`` shows the effect of what was typed, ``go=apply`` makes the change, ``go=edit`` goes back."""
    plan = console.plan(uuid)
    if plan.state != TrainingPlan.State.RUNNING:
        messages.error(request, _("这个计划已结束，不能再修改。可以新建一个计划。"))
        return redirect("console-plan", uuid)
    if request.method == "GET":
        return _page(request, _seen(ChangeForm.of(plan), plan))
    data, go = request.POST.copy(), request.POST.get("go", "stay")
    if take_over(data) and go == "preview":
        go = "stay"
    form = ChangeForm(data, plan=plan)
    if go not in {"preview", "apply"}:
        return _page(request, _seen(form.answers, plan))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _effect(request, form) if go == "preview" else _applied(request, form)
    except DomainError as refusal:
        if refusal.code in {"not_found", "plan_closed"} and not refusal.details.get("field"):
            raise
        return _refused(request, form, refusal)


def _applied(request: HttpRequest, form: ChangeForm) -> HttpResponse:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    plan = form.plan
    seen = form.cleaned_data["seen"]
    effect = changing.change(plan_uuid=plan.uuid, edit=form.edit(), seen=seen, by=manager.name, at=clock.now())
    said = _("已修改。新增 %(n)s 名学员。") % {"n": effect.added} if effect.added else _("已修改。")
    messages.success(request, said if effect.changes or effect.added else _("没有变化，计划保持原样。"))
    return redirect("console-plan", plan.uuid)


def _refused(request: HttpRequest, form: ChangeForm, refusal: DomainError) -> HttpResponse:
    if refusal.code == "takes_everyone":
        return _effect(request, form, error=str(refusal.message))
    field = FIELD_OF.get(refusal.code) or refusal.details.get("field")
    if refusal.code == "bank_too_small":
        field = "exam_paper" if form.cleaned_data.get("exam_paper") else "exam_questions"
    form.add_error(field if field in form.fields else None, str(refusal.message))
    if refusal.code != "changed_meanwhile":
        return _page(request, form, status=422)
    plan = TrainingPlan.objects.select_related("prerequisite").get(pk=form.plan.pk)
    clash = comparing.differences(plan, form.cleaned_data["seen"])
    form.answers["seen"] = comparing.fingerprint(plan)  # who has read the differences may go on
    return _page(request, form, clash=clash, status=409)


def _effect(request: HttpRequest, form: ChangeForm, error: str = "") -> HttpResponse:
    edit = form.edit()
    effect = changing.preview(plan_uuid=form.plan.uuid, edit=edit, seen=form.cleaned_data["seen"], at=clock.now())
    told = [(str(comparing.FIELDS[key]), before or "—", after or "—") for key, (before, after) in effect.changes.items()]
    values = {
        "plan": form.plan,
        "form": form,
        "effect": effect,
        "told": told,
        "everybody": changing.to_confirm(form.plan, edit),
        "error": error,
    }
    return render(request, "plans/console_effect.html", values, status=409 if error else 200)


def _seen(answers: QueryDict, plan: TrainingPlan) -> ChangeForm:
    """Return the form with its answers read and nothing complained about."""
    form = ChangeForm(answers, plan=plan)
    form.full_clean()
    form._errors = ErrorDict()  # type: ignore[attr-defined]
    return form


def _page(
    request: HttpRequest, form: ChangeForm, *, clash: list[tuple[str, str, str]] | None = None, status: int = 200
) -> HttpResponse:
    plan, said = form.plan, form.cleaned_data
    picked = [card for card in catalogue.published(version_ids=said.get("version_ids") or []) if card.state == "PUBLISHED"]
    known = set(plan.courses.values_list("version_id", flat=True)) | {card.version_id for card in picked}
    text = form.answers.get("course_q", "")
    found = search.find(text, per_page=_OFFERED + len(known), with_facets=False).hits if text else []
    first = plan.prerequisite
    now = [(str(first.uuid), first.title)] if first is not None and first.state != TrainingPlan.State.RUNNING else []
    values: dict[str, Any] = {
        "plan": plan,
        "form": form,
        "clash": clash,
        "today": clock.shanghai_date(clock.now()),
        "courses": plan.courses.all(),
        "picked_courses": picked,
        "cards": [hit for hit in found if hit.version_id not in known and hit.duration_ms][:_OFFERED],
        "course_q": text,
        "rules": rules_in_words(plan.rules.order_by("pk")),
        "dropped": set(said.get("drop_rules") or []),
        "running_plans": [*now, *(pair for pair in form.running_plans() if pair[0] != str(plan.uuid))],
        "rule_only": True,
        "papers": form.papers(),
        "paper": form.paper(),
    }
    if said.get("who_kind") not in {"", "none", None}:
        values |= {**form.who_choices(), "everybody": 0}
    return render(request, "plans/console_change.html", values, status=status)
