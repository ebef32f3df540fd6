"""Pages of classes' files: the list, one file, its prints, the second signature for everybody of it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.people import api as people
from apps.plans import console
from apps.plans.filing import class_file, queries
from apps.plans.filing.forms import InChargeForm
from apps.plans.filing.trainings import number
from apps.plans.filing.views import asking
from apps.plans.filing.views.learners import SEE, SHOWN, SIGN, sign_all
from apps.plans.models import TrainingPlan
from apps.records import api as records
from infra.kit import clock

PAGE = 25


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List classes (a plan each); every filter lives in the address."""
    get, at, within = request.GET, clock.now(), people.within(request)
    asked = {"text": get.get("q", "")[:60], "state": get.get("state", ""), "sort": get.get("sort", "") or "-opened"}
    rows = console.plan_list(**asked, today=clock.shanghai_date(at), within=within).filter(sample=False)
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "lines": [(row, number(row)) for row in page],
        "states": TrainingPlan.State.choices,
        "chosen": get,
        "is_narrowed": bool(get.get("q") or get.get("state")),
        "waiting": records.waiting_corrections() if within is None else 0,
    }
    return render(request, "plans/filing/classes.html", values)


@require_GET
@people.manager_page(SEE)
def file(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Show one class's file."""
    within = people.within(request)
    document = class_file.class_file(plan, within=within, at=clock.now())
    waiting = queries.waiting(within=within, plan=plan)
    values = {
        "document": document.first(SHOWN),
        "sections": document.first(SHOWN).sections,
        "plan": plan,
        "waiting": waiting[:SHOWN],
        "waiting_total": len(waiting),
        "form": InChargeForm(),
    }
    return render(request, "plans/filing/class.html", values)


@require_GET
@people.manager_page(SEE)
def pdf(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Give a class's file as PDF."""
    return _taken(request, plan, "pdf")


@require_GET
@people.manager_page(SEE)
def xlsx(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Give a class's file as workbook."""
    return _taken(request, plan, "xlsx")


def _taken(request: HttpRequest, plan: UUID, ending: str) -> HttpResponse:
    document = class_file.class_file(plan, within=people.within(request), at=clock.now())
    asking.note_taken(request, "plan", plan)
    return asking.printed(request, document, ending)


@require_POST
@people.manager_page(SIGN)
def sign(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Sign all records of a class that their learners have signed, as the person in charge; the own one is left out."""
    within = people.within(request)
    class_file.plan_of(plan, within=within)
    own = asking.own(request)
    found = [one for one in queries.waiting(within=within, plan=plan) if one.subject != own]
    sign_all(request, found[:MOST_SIGNED])
    return redirect("console-archive-class", plan)


MOST_SIGNED = 500
"""So many at a press: each is an entry of a chain of its own."""
