"""Opening a plan step by step. Each step is one POST of the whole form; without script it works page by page."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.people import api as people
from apps.plans import opening, rules, selection
from apps.plans.wizard import ROLES, STEPS, PlanForm
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.search import api as search
from tenants.api import current_site

_ORDER = list(STEPS)
_OFFERED = 50
"""Courses that one step lists; whoever wants others searches for them."""


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.PLANS_CHANGE)
def new_plan(request: HttpRequest) -> HttpResponse:
    """Show the first step, or judge a step and show the next one; the last one opens the plan."""
    if request.method == "GET":
        return _show(request, PlanForm(PlanForm.fresh(), step="law"), "law")
    step = request.POST.get("step", "law")
    step = step if step in STEPS else "law"
    form, go = PlanForm(request.POST.copy(), step=step), request.POST.get("go", "stay")
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


def _open(request: HttpRequest, form: PlanForm) -> HttpResponse:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    try:
        uuid = opening.open_plan(order=form.order(), who=form.who(), by=manager.name, at=clock.now())
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _show(request, form, "review", status=422)
    messages.success(request, _("计划已开启，学员登录后就能看到。"))
    response = redirect("console-plan", uuid)
    if request.headers.get("HX-Request"):
        leave = HttpResponse(status=204)
        leave["HX-Redirect"] = response["Location"]
        return leave
    return response


def _prefill(form: PlanForm, step: str) -> None:
    """Put the sensible answer into a step that is seen for the first time."""
    data = form.answers
    if step == "courses" and "hours" not in data:
        row = form.requirement()
        data["hours"] = str(row.hours if row and row.hours else "")
    if step == "when" and not data.get("due_on"):
        data["due_on"] = (clock.shanghai_date(clock.now()) + timedelta(days=30)).isoformat()


def _show(request: HttpRequest, form: PlanForm, step: str, status: int = 200) -> HttpResponse:
    shown = form if status == 422 else PlanForm.seen(form.answers, step=step)
    values = {
        "form": shown,
        "step": step,
        "steps": [str(name) for name in STEPS.values()],
        "number": _ORDER.index(step) + 1,
        "today": clock.shanghai_date(clock.now()),
        **_content(shown, step),
    }
    return render(request, "plans/console_new.html", values, status=status)


def _content(form: PlanForm, step: str) -> dict[str, Any]:
    if step == "law":
        today, hazard = clock.shanghai_date(clock.now()), current_site().hazard
        return {"requirements": [row for row in catalogue.requirements(on=today) if rules.fits_hazard(row.code, hazard)]}
    if step == "courses":
        return _courses(form)
    if step == "who":
        return form.who_choices()
    return _review(form) if step == "review" else {}


def _courses(form: PlanForm) -> dict[str, Any]:
    """Offer the enterprise's own selection first; a switch opens the whole catalogue. What was ticked stays on top."""
    ticked = form.cleaned_data.get("version_ids") or []
    chosen = [card for card in catalogue.published(version_ids=ticked) if card.state == "PUBLISHED"]
    text, audience = form.answers.get("course_q", ""), form.answers.get("audience", "")
    shelf = selection.offered_versions()
    source = form.answers.get("course_from") or ("own" if shelf else "all")
    found = search.find(
        text,
        chosen={"audience": [audience] if audience else []},
        per_page=_OFFERED,
        only=shelf if source == "own" else None,
        with_facets=False,
    )
    kept = {card.version_id for card in chosen}
    return {
        "cards": [*chosen, *(hit for hit in found.hits if hit.version_id not in kept)],
        "course_q": text,
        "audience": audience,
        "roles_of_courses": ROLES.items(),
        "source": source,
        "sources": (("own", ""), ("all", _("全部课程"))),
        "shelf_count": len(shelf),
        "found": found,
        "hidden": max(0, found.total - len(found.hits)),
        **_total(form, chosen),
    }


def _total(form: PlanForm, cards: list[catalogue.CourseCard]) -> dict[str, Any]:
    row, hours = form.requirement(), form.cleaned_data.get("hours")
    wanted_ms = (hours if hours is not None else (row.hours if row else 0) or 0) * rules.HOUR_MS
    total_ms = sum(card.duration_ms for card in cards)
    return {
        "requirement": row,
        "chosen": {card.version_id for card in cards},
        "chosen_cards": cards,
        "total_ms": total_ms,
        "wanted_ms": wanted_ms,
        "short_ms": max(0, wanted_ms - (form.cleaned_data.get("offline_hours") or 0) * rules.HOUR_MS - total_ms),
    }


def _review(form: PlanForm) -> dict[str, Any]:
    chosen = form.cleaned_data.get("version_ids") or []
    by_id = {card.version_id: card for card in catalogue.published(version_ids=chosen)}
    cards = [by_id[key] for key in chosen if key in by_id]
    return {**_total(form, cards), "headcount": form.headcount(), "said": form.cleaned_data, "kind": form.who().kind}
