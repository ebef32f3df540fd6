"""Opening a plan step by step. Each step is one POST of the whole form; without script it works page by page."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.people import api as people
from apps.plans import exam_wording, law, offering, opening, rules
from apps.plans.exam_form import take_over
from apps.plans.wizard import STEPS, PlanForm
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.api import current_site

_ORDER = list(STEPS)


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.PLANS_CHANGE)
def new_plan(request: HttpRequest) -> HttpResponse:
    """Show the first step, or judge a step and show the next one; the last one opens the plan.

    ``?version_ids=…&title=…&unit=…``: courses, name and unit that another page proposes.
    """
    if request.method == "GET":
        return _show(request, PlanForm(_proposed(request), step="law"), "law")
    step = request.POST.get("step", "law")
    step = step if step in STEPS else "law"
    data, go = request.POST.copy(), request.POST.get("go", "stay")
    if step == "courses":
        go = "stay" if offering.answer(data) else go
    if step == "when" and take_over(data) and go == "next":
        go = "stay"
    form = PlanForm(data, step=step)
    if go == "back":
        return _show(request, form, _ORDER[max(0, _ORDER.index(step) - 1)])
    if go == "stay":
        return _show(request, form, step)
    if not form.is_valid():
        return _show(request, form, step, status=422)
    if go == "open" and step == "review":
        return _open(request, form)
    following = _ORDER[min(len(_ORDER) - 1, _ORDER.index(step) + 1)]
    _prefill(form, following)
    return _show(request, form, following)


def _proposed(request: HttpRequest) -> QueryDict:
    """Return the answers of a new plan with what the address proposes; nonsense counts as not proposed."""
    data, get = PlanForm.fresh(), request.GET
    chosen = [value for value in get.getlist("version_ids") if value.isascii() and value.isdigit() and len(value) < 16]
    if chosen:
        data.setlist("version_ids", chosen[: rules.MAX_COURSES])
    if title := get.get("title", "").strip()[:80]:
        data["title"] = title
    unit = get.get("unit", "")
    if unit.isascii() and unit.isdigit() and len(unit) < 10:
        for name, value in (("who_kind", "unit"), ("who_seen", "unit"), ("unit_id", unit)):
            data[name] = value
    return data


def _open(request: HttpRequest, form: PlanForm) -> HttpResponse:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    asked: dict[str, Any] = {"order": form.order(), "who": form.who(), "by": manager.name, "at": clock.now()}
    levels = form.levels()
    try:
        uuid = opening.open_induction(levels=levels, **asked)[0] if levels else opening.open_plan(**asked)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _show(request, form, "review", status=422)
    said = _("%(n)s 个计划已开启，学员按级别依次学习。") % {"n": len(levels)}
    messages.success(request, said if levels else _("计划已开启，学员登录后就能看到。"))
    response = redirect("console-plan", uuid)
    if request.headers.get("HX-Request"):
        leave = HttpResponse(status=204)
        leave["HX-Redirect"] = response["Location"]
        return leave
    return response


def _prefill(form: PlanForm, step: str) -> None:
    """Put the sensible answer into a step that is seen for the first time."""
    data, row = form.answers, form.requirement()
    if step == "courses" and "hours" not in data:
        data["hours"] = str(row.hours if row and row.hours else "")
    if step == "when" and not data.get("due_on"):
        data["due_on"] = (clock.shanghai_date(clock.now()) + timedelta(days=30)).isoformat()


def follow_by_default(data: QueryDict) -> None:
    """Switch the rule on for the kinds of people that come and go, as often as the manager chooses another kind."""
    kind = data.get("who_kind") or "all"
    if data.get("who_seen", "all") != kind:
        data.pop("follow", None)
        if kind in {"unit", "position", "hazard", "role"}:
            data["follow"] = "on"
    data["who_seen"] = kind


def _show(request: HttpRequest, form: PlanForm, step: str, status: int = 200) -> HttpResponse:
    if step == "who" and status != 422:
        follow_by_default(form.answers)
    shown = form if status == 422 else PlanForm.seen(form.answers, step=step)
    today = clock.shanghai_date(clock.now())
    values = {
        "form": shown,
        "step": step,
        "steps": [str(name) for name in STEPS.values()],
        "number": _ORDER.index(step) + 1,
        "today": today,
        **_content(shown, step),
    }
    return render(request, "plans/console_new.html", values, status=status)


def _content(form: PlanForm, step: str) -> dict[str, Any]:
    today, site, row = clock.shanghai_date(clock.now()), current_site(), form.requirement()
    if step == "law":
        said = form.cleaned_data
        hazard = said.get("hazard") or site.hazard
        hazard = hazard if site.hazard == "GENERAL" else site.hazard
        role, stage = said.get("trainee") or "", said.get("stage") or ""
        rows = law.templates(on=today, hazard=hazard, role=role, stage=stage)
        names = ["trainee", "stage", "industry", *(["hazard"] if site.hazard == "GENERAL" else [])]
        return {
            "requirements": rows,
            "filters": [form[name] for name in names],
            "may_choose_hazard": site.hazard == "GENERAL",
            "hazard_name": law.HAZARDS.get(site.hazard, site.hazard),
        }
    if step == "courses":
        return offering.courses(form)
    if step == "who":
        return form.who_choices()
    if step == "when":
        can_renew = row is not None and law.refresher(row.code, on=today, hazard=site.hazard) is not None
        said_follow = form.cleaned_data.get("follow")
        values = {"running_plans": form.running_plans(), "can_renew": can_renew, "said_follow": said_follow}
        return values | {"papers": form.papers(), "paper": form.paper()}
    return _review(form)


def _review(form: PlanForm) -> dict[str, Any]:
    chosen = form.cleaned_data.get("version_ids") or []
    by_id = {card.version_id: card for card in catalogue.published(version_ids=chosen)}
    cards = [by_id[key] for key in chosen if key in by_id]
    levels = [(level, [by_id[key] for key in level.version_ids if key in by_id]) for level in form.levels()]
    before = dict(form.running_plans()).get(str(form.cleaned_data.get("prerequisite") or ""), "")
    return {
        **offering.total(form, cards),
        "headcount": form.headcount(),
        "said": form.cleaned_data,
        "kind": form.who().kind,
        "levels": levels,
        "before": before,
        "paper": form.paper(),
        "policy_lines": exam_wording.policy_lines(form.policy()),
    }
