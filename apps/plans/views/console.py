"""Pages of the manager: list of plans, one plan."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans import console, export, opening
from apps.plans.models import Assignment, TrainingPlan
from apps.plans.running import page as running
from apps.plans.views.new import follow_by_default
from apps.plans.wizard import PlanForm
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError

PAGE = 25


def page_of(request: HttpRequest, rows: QuerySet, size: int = PAGE) -> Page:  # type: ignore[type-arg]
    """Return the page that the address asks for; a number out of range leads to the nearest one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


@require_GET
@people.manager_page(people.Permission.PLANS_SEE)
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the plans with search, state filter, sorting and paging."""
    today = clock.shanghai_date(clock.now())
    asked = {key: request.GET.get(key, "") for key in ("state", "sort")}
    rows = console.plan_list(text=request.GET.get("q", ""), today=today, within=people.within(request), **asked)
    values = {"page": page_of(request, rows), "today": today, "asked": asked, "is_filtered": bool(request.GET)}
    return render(request, "plans/console_plans.html", values)


@require_GET
@people.manager_page(people.Permission.PLANS_SEE)
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one plan with its learners; ``?export=xlsx`` gives the same rows as a file."""
    within, today = people.within(request), clock.shanghai_date(clock.now())
    found = console.plan(uuid, within=within)
    asked = {key: request.GET.get(key, "") for key in ("state", "sort")}
    rows = console.duties(found, text=request.GET.get("q", ""), today=today, within=within, **asked)
    if request.GET.get("export") == "xlsx":
        return _download(found, rows)
    page = page_of(request, records.with_certificate_state(rows, at="certificate__"), 50)
    values = {
        "plan": found,
        "on": today.isoformat(),
        "page": page,
        "lines": _lines(page),
        "asked": asked,
        "today": today,
        "late": console.duties(found, state="OVERDUE", today=today, within=within).count(),
        "courses": found.courses.all(),
        **running.about(found),
    }
    return render(request, "plans/console_plan.html", values)


def _lines(page: Page) -> list[tuple[Assignment, people.LearnerView]]:  # type: ignore[type-arg]
    known = people.learners([row.learner_id for row in page])
    return [(row, known[row.learner_id]) for row in page]


def _download(found: TrainingPlan, rows: QuerySet[Assignment]) -> HttpResponse:
    response = HttpResponse(export.plan_sheet(found, rows), content_type=export.XLSX)
    response["Content-Disposition"] = f'attachment; filename="plan-{found.due_on:%Y%m%d}-{found.pk}.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.PLANS_CHANGE)
def add_learners(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Choose more learners for a running plan."""
    found = console.plan(uuid)
    data = request.POST.copy() if request.method == "POST" else PlanForm.fresh()
    if request.POST.get("go") != "add":
        follow_by_default(data)
    form = PlanForm.seen(data, step="who")
    if request.method == "POST" and request.POST.get("go") == "add":
        form = PlanForm(request.POST, step="who")
        if form.is_valid() and _added(request, form, uuid):
            return redirect("console-plan", uuid)
    values = {"plan": found, "form": form, **form.who_choices()}
    return render(request, "plans/console_add.html", values, status=422 if form.errors else 200)


def _added(request: HttpRequest, form: PlanForm, uuid: UUID) -> bool:
    try:
        manager = people.profile(request).manager
        by = manager.name if manager else ""
        added = opening.add_learners(plan_uuid=uuid, who=form.who(), by=by, at=clock.now())
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    words = ngettext("新增 %(n)d 名学员。", "新增 %(n)d 名学员。", added) % {"n": added}
    messages.success(request, words if added else _("所选学员都已在计划里。"))
    return True


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a plan."""
    opening.close_plan(plan_uuid=uuid, at=clock.now())
    return redirect("console-plan", uuid)
