"""Bringing a worker list in: template, upload, progress, what became of it; and the list of people as a file."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, queries
from apps.people.belonging import real
from apps.people.forms import RosterForm
from apps.people.models import ImportJob
from apps.people.permissions import Permission
from apps.people.roster import jobs, problems, sheets, workbook
from apps.people.views import mending
from apps.people.views.people import download
from infra.kit import clock
from infra.kit import sheets as tables
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

_RECENT = 10
_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def upload(request: HttpRequest) -> HttpResponseBase:
    """Offer the template, take a list, show the latest imports."""
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if form.is_valid():
        try:
            return redirect("console-people-import-job", _received(request, form.cleaned_data["file"]).uuid)
        except DomainError as refusal:
            form.add_error("file", str(refusal.message))
    recent = ImportJob.objects.select_related("by").order_by("-at")[:_RECENT]
    values = {"form": form, "jobs": recent, "has_people": queries.count_learners() > 0}
    return render(request, "people/import.html", values, status=422 if request.method == "POST" else 200)


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def template(request: HttpRequest) -> HttpResponse:
    """Give the empty list, as a workbook or with ``format=csv`` as CSV."""
    if request.GET.get("format") == "csv":
        return download(sheets.people_csv([]), _("学员导入模板"), "csv", tables.CSV)
    return download(sheets.template(), _("学员导入模板"))


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def export(request: HttpRequest) -> HttpResponse:
    """Give everybody on the books in the columns of the template, numbers in full, to be changed and sent in again."""
    rows = queries.search(sort="name").filter(real()).iterator(chunk_size=1_000)
    people = list(sheets.people(rows, dict(queries.units())))
    who = f"manager:{access.manager_of(request).id}"
    audit.record("people.exported_full", actor=who, target="learners", at=clock.now(), ip=client_ip(request), count=len(people))
    if request.GET.get("format") == "csv":
        return download(sheets.people_csv(people), _("在册学员"), "csv", tables.CSV)
    return download(sheets.export(people, sheets.titles()), _("在册学员"))


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def job(request: HttpRequest, job: UUID) -> HttpResponse:
    """Show one import: its progress while it runs (polled), its rows while it waits, then what came of it."""
    found = jobs.job_of(job)
    if found.state in jobs.WAITING and request.GET.get("watch"):  # the page that watched the progress has done its work
        return HttpResponse(headers={"HX-Redirect": request.path})
    if found.state == ImportJob.State.MAPPING:
        return mending.columns_page(request, found)
    if found.state == ImportJob.State.READY:
        return mending.ready_page(request, found)
    page = Paginator(found.errors, _PER_PAGE).get_page(request.GET.get("page"))
    counts = found.preview
    values = {
        "job": found,
        "is_open": found.state in jobs.OPEN,
        "progress": jobs.progress_of(found) if found.state in jobs.OPEN else None,
        "page": page,
        "errors": [problems.words(kept) for kept in page],
        "unchanged": found.done - found.created - found.updated,
        "left_out": counts.get("repeat", 0) + counts.get("dropped", 0),
    }
    return render(request, "people/import_job.html", values)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def cancel(request: HttpRequest, job: UUID) -> HttpResponse:
    """Stop an import, or give a waiting list up."""
    jobs.cancel(job_uuid=job, at=clock.now())
    return redirect("console-people-import-job", job)


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def annotated(request: HttpRequest, job: UUID) -> HttpResponse:
    """Give the uploaded list back, mended cells in it, with a column that says what is wrong in each row."""
    found = jobs.job_of(job)
    rows = workbook.rows(jobs.file_of(found))
    said = found.errors
    if found.table_key:
        table = jobs.table_of(found)
        said = [problem.as_json() for problem in table.settle().problems]
        rows = table.laid_over(rows)
    return download(sheets.annotated(rows, map(problems.words, said)), _("名单（标出问题）"))


def _received(request: HttpRequest, file: "UploadedFile[Any]") -> ImportJob:
    if file.size is None or file.size > workbook.MAX_BYTES:
        raise workbook.refuse("too_large")
    manager = access.manager_of(request)
    return jobs.receive(data=file.read(), file_name=file.name or "", manager_id=manager.id, at=clock.now())
