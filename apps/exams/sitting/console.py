"""Pages of the manager: the tries of a plan, one try with everything that happened in it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.exams.sitting import board, queries, sheets
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock

_PAGE, _STEPS = 50, 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@people.manager_page(people.Permission.EXAMS_SEE)
def attempts(request: HttpRequest, plan: UUID) -> HttpResponse:
    """List the tries at a plan's exam; ``?export=xlsx`` gives the same rows as a file."""
    within = people.within(request)
    found = plans.plan_named(plan, within=within)
    asked = {key: request.GET.get(key, "") for key in ("state", "sort")}
    rows = board.attempts(found.id, text=request.GET.get("q", ""), within=within, **asked)
    if request.GET.get("export") == "xlsx":
        response = HttpResponse(sheets.workbook(list(rows)), content_type=_XLSX)
        day = clock.shanghai_date(clock.now())
        response["Content-Disposition"] = f'attachment; filename="exam-{day:%Y%m%d}-{found.id}.xlsx"'
        return response
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    known = people.learners([row.learner_id for row in page])
    lines = [(row, known[row.learner_id], queries.state_of(row), board.is_doubtful(row)) for row in page]
    values = {"plan": found, "page": page, "lines": lines, "asked": asked, "is_filtered": bool(request.GET)}
    return render(request, "exams/console_attempts.html", values)


@require_GET
@people.manager_page(people.Permission.EXAMS_SEE)
def attempt(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Show one try step by step."""
    row = board.one(attempt, within=people.within(request))
    duty, took = plans.assignment_by_id(row.assignment_id), board.took(row)
    steps = Paginator(board.timeline(row), _STEPS).get_page(request.GET.get("page"))
    values = {
        "row": row,
        "state": queries.state_of(row),
        "plan": duty,
        "learner": people.learner(row.learner_id),
        "policy": plans.ExamPolicy.read(row.policy),
        "answered": len(queries.answers_of(row)),
        "took_s": None if took is None else int(took.total_seconds()),
        "page": steps,
    }
    return render(request, "exams/console_attempt.html", values)
