"""The manager's list of people: find, add, change, archive, export."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header as content_disposition
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, queries, services
from apps.people.forms import LearnerChangeForm, LearnerForm
from apps.people.models import ImportJob, Learner
from apps.people.permissions import Permission
from apps.people.roster import sheets
from apps.people.roster.headings import COLUMNS
from apps.people.shapes import learner_view
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

PAGE_SIZES = (25, 50, 100)


@require_GET
@access.manager_page(Permission.PEOPLE_SEE)
def people(request: HttpRequest) -> HttpResponse:
    """List people; search, filters, order and page live in the address, ``export=xlsx`` gives what is listed as a file."""
    chosen = _filters(request.GET)
    rows = queries.search(**chosen, sort=request.GET.get("sort", ""), within=access.within(request))
    if request.GET.get("export") == "xlsx":
        return _export(request, [_exported(row) for row in rows])
    size = _number(request.GET.get("size"), PAGE_SIZES[0])
    size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "people": [learner_view(row) for row in page],
        "units": queries.units(within=access.within(request)),
        "roles": Learner.Role.choices,
        "sizes": PAGE_SIZES,
        "size": size,
        "chosen": chosen,
        "is_narrowed": bool(chosen["text"] or chosen["role"] or chosen["unit_id"] or chosen["status"] != "ACTIVE"),
        "running": ImportJob.objects.filter(state__in=("QUEUED", "RUNNING")).first(),
    }
    return render(request, "people/list.html", values)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def add(request: HttpRequest) -> HttpResponseBase:
    """Add one learner."""
    form = LearnerForm(request.POST) if request.method == "POST" else LearnerForm()
    if form.is_valid():
        values = {**form.cleaned_data}
        try:
            services.add_learner(unit_path=values.pop("unit"), at=clock.now(), **values)
            return redirect("console-people")
        except DomainError as refusal:
            _on_field(form, refusal)
    return _form_page(request, form, _("添加学员"))


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def edit(request: HttpRequest, learner: UUID) -> HttpResponseBase:
    """Change one learner."""
    view = queries.learner_by_uuid(learner)
    path = dict(queries.units()).get(view.unit_id or 0, "")
    known = {"name": view.name, "unit": path, "position": view.position, "employee_no": view.employee_no, "role": view.role}
    form = LearnerChangeForm(request.POST, initial=known) if request.method == "POST" else LearnerChangeForm(initial=known)
    if form.is_valid():
        values = {**form.cleaned_data}
        try:
            services.update_learner(learner_uuid=learner, unit_path=values.pop("unit"), at=clock.now(), **values)
            return redirect("console-people")
        except DomainError as refusal:
            _on_field(form, refusal)
    return _form_page(request, form, view.name, learner=view)


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def set_status(request: HttpRequest) -> HttpResponse:
    """Archive or restore the chosen people (``ids`` of uuids, ``do`` archive or restore), all or none."""
    act = services.restore_learner if request.POST.get("do") == "restore" else services.archive_learner
    chosen = [_uuid(value) for value in request.POST.getlist("ids")]
    at, who = clock.now(), f"manager:{access.manager_of(request).id}"
    services.for_each(act, chosen, at=at)
    for learner in chosen:
        audit.record(f"people.{act.__name__}", actor=who, target=f"learner:{learner}", at=at, ip=client_ip(request))
    return redirect("console-people")


def _form_page(request: HttpRequest, form: LearnerForm, title: str, **values: Any) -> HttpResponse:
    values |= {"form": form, "title": title, "units": queries.units()}
    return render(request, "people/form.html", values, status=422 if form.errors else 200)


def _filters(get: QueryDict) -> dict[str, Any]:
    """Return the arguments of ``queries.search`` that the address asks for; nonsense counts as not asked."""
    role, status = get.get("role", ""), get.get("status", "")
    return {
        "text": get.get("q", "")[:60],
        "unit_id": _number(get.get("unit"), 0) or None,
        "role": role if role in Learner.Role.values else "",
        "status": {"ARCHIVED": "ARCHIVED", "ALL": ""}.get(status, "ACTIVE"),
    }


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else default


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise DomainError("not_found", _("没有找到这位学员，请刷新名单后再试。"), status=404) from error


def _on_field(form: LearnerForm, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))


def _exported(row: Learner) -> list[object]:
    view = learner_view(row)
    numbers = [view.name, view.masked_id, view.masked_mobile]
    work = [view.unit, view.position, view.employee_no, view.role_label, view.hired_on or ""]
    return [*numbers, *work, Learner.Status(row.status).label]


def _export(request: HttpRequest, rows: list[list[object]]) -> HttpResponse:
    titles = [*(str(label) for label in COLUMNS.values()), _("状态")]
    who = f"manager:{access.manager_of(request).id}"
    audit.record("people.exported", actor=who, target="learners", at=clock.now(), ip=client_ip(request), count=len(rows))
    return download(sheets.export(rows, titles), _("学员名单"))


def download(content: bytes, name: str) -> HttpResponse:
    """Answer with a workbook to be saved as ``name.xlsx``; never kept by caches."""
    response = HttpResponse(content, content_type=sheets.MIME)
    response.headers["Content-Disposition"] = content_disposition(True, f"{name}.xlsx") or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
