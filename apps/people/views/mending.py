"""A list that waits for its manager: saying what the columns are, mending cells, deciding what is written."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from apps.people import access, queries
from apps.people.models import ImportJob, Learner
from apps.people.permissions import Permission
from apps.people.roster import fixing, jobs, preview, problems
from apps.people.roster import table as tables
from apps.people.roster.headings import COLUMNS, REQUIRED
from infra.kit import clock
from infra.kit.errors import DomainError

_PER_PAGE = 25


def ready_page(request: HttpRequest, job: ImportJob, refusal: str = "", status: int = 200) -> HttpResponse:
    """Show the rows of a list with one outcome, wrong ones first, and what may be done with the whole."""
    table = jobs.table_of(job)
    settled = table.settle()
    counts = settled.counts
    shown = request.GET.get("show", "")
    if shown not in tables.OUTCOMES:
        shown = next((outcome for outcome in preview.LABELS if counts[outcome]), tables.WRONG)
    page = Paginator(preview.rows_of(table, settled, shown), _PER_PAGE).get_page(request.GET.get("page"))
    is_wrong = shown == tables.WRONG
    values = _summary(job) | {
        "page": page,
        "rows": [preview.row_view(entry, settled, open_numbers=is_wrong) for entry in page],
        "shown": shown,
        "columns": [(column, label) for column, label in COLUMNS.items()],
        "units": queries.units() if is_wrong else [],
        "roles": Learner.Role.labels,
        "note": problems.words({"row": 0, "column": "", "code": job.note}) if job.note else None,
        "refusal": refusal,
    }
    return render(request, "people/import_ready.html", values, status=status)


def columns_page(request: HttpRequest, job: ImportJob, refusal: str = "", status: int = 200) -> HttpResponse:
    """Ask what the columns are; ``?row=`` says where the headings stand (0: nowhere)."""
    table = jobs.table_of(job)
    rows = [number for number, _cells in table.head]
    asked = request.POST.get("row") or request.GET.get("row") or ""
    row = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else table.heading_row
    row = row if row in {0, *rows} else (rows[0] if rows else 0)
    proposed = _columns(request) if request.method == "POST" else _proposed(table, row)
    values = {
        "job": job,
        "row": row,
        "rows": rows,
        "columns": list(preview.columns_of(table, row, proposed)),
        "choices": [(column, label, column in REQUIRED) for column, label in COLUMNS.items()],
        "problems": [problems.words(kept) for kept in job.errors],
        "refusal": refusal,
    }
    return render(request, "people/import_columns.html", values, status=status)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def columns(request: HttpRequest, job: UUID) -> HttpResponseBase:
    """Show the columns of a waiting list, or take what was chosen and check the list again."""
    found = jobs.job_of(job)
    if found.state not in jobs.WAITING:
        return redirect("console-people-import-job", job)
    if request.method == "GET":
        return columns_page(request, found)
    row = request.POST.get("row", "")
    try:
        fixing.choose_columns(job_uuid=job, row=int(row) if row.isdigit() else 0, columns=_columns(request), at=clock.now())
    except DomainError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return columns_page(request, found, str(refusal.message), refusal.status)
    return redirect("console-people-import-job", job)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def mend(request: HttpRequest, job: UUID, row: int) -> HttpResponse:
    """Put a text into one cell, or take a row out (``do=drop``) or back in (``do=keep``); answers with what changed on the page."""
    act, posted = request.POST.get("do"), request.POST
    if act in {"drop", "keep"}:
        changed = fixing.drop(job_uuid=job, row=row, dropped=act == "drop")
    else:
        column, value = posted.get("column", ""), posted.get("value", "")
        changed = fixing.mend(job_uuid=job, row=row, column=column, value=value, at=clock.now())
    if not request.headers.get("HX-Request"):
        return redirect("console-people-import-job", job)
    rows = [preview.row_view(entry, changed.settled, open_numbers=True) for entry in changed.entries]
    values = _summary(changed.job) | {"rows": rows, "shown": tables.WRONG, "swap": True}
    return HttpResponse(render_to_string("people/_import_mended.html", values, request))


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def commit(request: HttpRequest, job: UUID) -> HttpResponse:
    """Let the list be written: ``what=whole`` nobody unless all are right, ``what=right`` the rows that are."""
    found = jobs.job_of(job)
    try:
        fixing.commit(job_uuid=job, whole=request.POST.get("what") != "right", at=clock.now())
    except DomainError as refusal:
        if refusal.status != 409 or found.state != ImportJob.State.READY:
            raise
        return ready_page(request, found, str(refusal.message), refusal.status)
    return redirect("console-people-import-job", job)


def _summary(job: ImportJob) -> dict[str, Any]:
    counts = job.preview
    right = sum(counts[outcome] for outcome in (tables.NEW, tables.UPDATE, tables.SAME))
    stats = [
        {"outcome": outcome, "label": word, "count": counts[outcome], "tone": tone if counts[outcome] else "neutral"}
        for outcome, (tone, word) in preview.LABELS.items()
        if counts[outcome] or outcome in {tables.WRONG, tables.NEW, tables.UPDATE}
    ]
    return {"job": job, "counts": counts, "right": right, "wrong": counts[tables.WRONG], "stats": stats}


def _columns(request: HttpRequest) -> dict[int, str]:
    """Return what the form says: index -> our column, ignored ones left out."""
    chosen = {key.removeprefix("column-"): value for key, value in request.POST.items() if key.startswith("column-")}
    return {int(index): column for index, column in chosen.items() if index.isdigit() and column in COLUMNS}


def _proposed(table: tables.Table, row: int) -> dict[int, str]:
    if row == table.heading_row and table.places:
        return {index: column for column, index in table.places.items()}
    return fixing.default_columns(next((cells for number, cells in table.head if number == row), []))
