"""Bringing a worker list in: template, upload, progress, what is wrong."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access
from apps.people.forms import RosterForm
from apps.people.models import ImportJob
from apps.people.permissions import Permission
from apps.people.roster import importing, problems, sheets, workbook
from apps.people.views.people import download
from infra.kit import clock
from infra.kit.errors import DomainError

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
    values = {"form": form, "jobs": ImportJob.objects.select_related("by").order_by("-at")[:_RECENT]}
    return render(request, "people/import.html", values, status=422 if request.method == "POST" else 200)


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def template(request: HttpRequest) -> HttpResponse:
    """Give the empty list."""
    return download(sheets.template(), _("学员导入模板"))


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def job(request: HttpRequest, job: UUID) -> HttpResponse:
    """Show one import: its progress while it runs (polled), then what came of it."""
    found = importing.job_of(job)
    page = Paginator(found.errors, _PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "job": found,
        "is_open": found.state in importing.OPEN,
        "progress": importing.progress_of(found) if found.state in importing.OPEN else None,
        "page": page,
        "errors": [problems.words(kept) for kept in page],
        "unchanged": found.total - found.created - found.updated,
    }
    return render(request, "people/import_job.html", values)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def cancel(request: HttpRequest, job: UUID) -> HttpResponse:
    """Stop an import."""
    importing.cancel(job_uuid=job, at=clock.now())
    return redirect("console-people-import-job", job)


@require_GET
@access.manager_page(Permission.PEOPLE_CHANGE)
def annotated(request: HttpRequest, job: UUID) -> HttpResponse:
    """Give the uploaded list back with a column that says what is wrong in each row."""
    found = importing.job_of(job)
    rows = workbook.rows(importing.file_of(found))
    return download(sheets.annotated(rows, map(problems.words, found.errors)), _("名单（标出问题）"))


def _received(request: HttpRequest, file: "UploadedFile[Any]") -> ImportJob:
    if file.size is None or file.size > workbook.MAX_BYTES:
        raise workbook.refuse("too_large")
    manager = access.manager_of(request)
    return importing.receive(data=file.read(), file_name=file.name or "", manager_id=manager.id, at=clock.now())
