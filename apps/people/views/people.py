"""The manager's list of people: find, add, change, archive, export."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header as content_disposition
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, changing, history, queries, saved_views, services
from apps.people.forms import LearnerChangeForm, LearnerForm
from apps.people.models import Change, ImportJob, Learner
from apps.people.organisation import qualifications
from apps.people.permissions import Permission
from apps.people.roster import sheets
from apps.people.roster.headings import COLUMNS
from apps.people.shapes import LearnerView, learner_view
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

PAGE_SIZES = (25, 50, 100)
MOST_AT_ONCE = 500


@require_GET
@access.manager_page(Permission.PEOPLE_SEE)
def people(request: HttpRequest) -> HttpResponse:
    """List people; search, filters, order and page live in the address, ``export=xlsx`` gives what is listed as a file."""
    chosen = _filters(request.GET)
    rows = queries.search(**chosen, sort=request.GET.get("sort", ""), within=access.within(request), hides_restricted=True)
    if request.GET.get("export") == "xlsx":
        return _export(request, [_exported(row) for row in rows])
    size = number(request.GET.get("size"), PAGE_SIZES[0])
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
        "employments": Learner.Employment.choices,
        "is_narrowed": any(value for name, value in chosen.items() if name != "status") or chosen["status"] != "ACTIVE",
        "views": saved_views.of(access.manager_of(request).id),
        "present": saved_views.kept(request.GET),
        "running": ImportJob.objects.filter(state__in=("QUEUED", "RUNNING")).first(),
    }
    return render(request, "people/list.html", values)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_CHANGE)
def add(request: HttpRequest) -> HttpResponseBase:
    """Add one learner."""
    form = LearnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = {**form.cleaned_data}
        further = values.pop("further", [])
        try:
            services.add_learner(unit_path=values.pop("unit"), further_ids=further, **by(request), **values)
            return redirect("console-people")
        except DomainError as refusal:
            _on_field(form, refusal)
    return _form_page(request, form, _("添加学员"))


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_SEE, post=Permission.PEOPLE_CHANGE)
def edit(request: HttpRequest, learner: UUID) -> HttpResponseBase:
    """Show one learner with certificates and history; change what was not changed by somebody else meanwhile."""
    row = queries.learner_row(learner, within=access.within(request))
    form = LearnerChangeForm(request.POST if request.method == "POST" else None, initial=_known(row))
    clash = None
    if form.is_valid():
        values = {**form.cleaned_data}
        further = values.pop("further", None)
        try:
            services.update_learner(
                learner_uuid=learner, unit_path=values.pop("unit"), further_ids=further, **by(request), **values
            )
            messages.success(request, _("已保存%(name)s的资料。") % {"name": form.cleaned_data["name"]})
            return redirect("console-people")
        except DomainError as refusal:
            clash = _clash(form, row, refusal)
    return _form_page(request, form, row.name, learner=learner_view(row), clash=clash, **_about(request, row))


def _known(row: Learner) -> dict[str, Any]:
    """Return what the form shows of a learner, with what tells later whether somebody else has changed it."""
    path = dict(queries.units()).get(row.unit_id or 0, row.unit.name if row.unit else "")
    words = {name: getattr(row, name) for name in ("name", "position", "employee_no", "role", "employment")}
    further = list(row.memberships.values_list("unit_id", flat=True))
    return {**words, "unit": path, "further": further, "seen": history.fingerprint(row)}


def _clash(form: LearnerForm, row: Learner, refusal: DomainError) -> list[tuple[Any, Any, Any]] | None:
    """Keep what was typed and return (field, as it is now, as typed) where somebody was faster; None for other refusals.

    The form then carries the present state: who has read the differences may save again.
    """
    _on_field(form, refusal)
    if refusal.code != "changed_meanwhile":
        return None
    now = _known(Learner.objects.select_related("unit").get(pk=row.pk))
    form.data = {**form.data.dict(), "further": form.data.getlist("further"), "seen": now["seen"]}  # type: ignore[attr-defined]
    return [
        (form.fields[name].label, now[name] or "—", form.cleaned_data.get(name) or "—")
        for name in ("name", "unit", "position", "employee_no", "role", "employment")
        if str(now[name]) != str(form.cleaned_data.get(name, ""))
    ]


def _about(request: HttpRequest, row: Learner) -> dict[str, Any]:
    """Return what stands beside a learner's form."""
    may = access.permissions(request)
    values: dict[str, Any] = {"qualifications": qualifications.of_learner(row.pk, on=clock.shanghai_date(clock.now()))}
    if Permission.PEOPLE_HISTORY in may:
        values["changes"] = [history.told(change) for change in history.of(Change.Kind.LEARNER, row.uuid)[:30]]
    return values


@require_POST
@access.manager_page(Permission.PEOPLE_CHANGE)
def set_status(request: HttpRequest) -> HttpResponse:
    """Archive, restore, move or repost the chosen people (``ids`` of uuids), all or none, and go back to the list as it was."""
    chosen = [_uuid(value) for value in request.POST.getlist("ids")]
    if len(chosen) > MOST_AT_ONCE:
        raise DomainError("too_many", _("一次最多处理 %(n)d 人，请分几次。") % {"n": MOST_AT_ONCE})
    act, changes = _bulk(request)
    services.for_each(act, chosen, **by(request), **changes)
    who = f"manager:{access.manager_of(request).id}"
    for learner in chosen:
        audit.record(f"people.{act.__name__}", actor=who, target=f"learner:{learner}", at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已处理 %(n)d 人。") % {"n": len(chosen)})
    query = saved_views.kept(QueryDict(request.POST.get("back", "")[:500]))
    return redirect(reverse("console-people") + (f"?{query}" if query else ""))


def _bulk(request: HttpRequest) -> tuple[Callable[..., LearnerView], dict[str, Any]]:
    """Return what to do with each of the chosen, and the fields to change.

    :raises DomainError: ``nothing_chosen``
    """
    do = request.POST.get("do")
    if do == "restore":
        return services.restore_learner, {}
    if do == "unit" and (unit := number(request.POST.get("to_unit"), 0)) in dict(queries.units()):
        return changing.change_fields, {"unit_id": unit}
    if do == "position" and (position := request.POST.get("to_position", "").strip()):
        return changing.change_fields, {"position": position}
    if do == "archive":
        return services.archive_learner, {}
    raise DomainError("nothing_chosen", _("请先选择要移到的部门，或填写岗位名称。"))


def by(request: HttpRequest) -> dict[str, Any]:
    """Return who changes something, and when."""
    return {"by": access.manager_of(request).id, "at": clock.now()}


def _form_page(request: HttpRequest, form: LearnerForm, title: str, **values: Any) -> HttpResponse:
    values |= {"form": form, "title": title, "units": queries.units(), "changes": values.get("changes")}
    return render(request, "people/form.html", values, status=422 if form.errors else 200)


def _filters(get: QueryDict) -> dict[str, Any]:
    """Return the arguments of ``queries.search`` that the address asks for; nonsense counts as not asked."""
    role, status = get.get("role", ""), get.get("status", "")
    return {
        "text": get.get("q", "")[:60],
        "unit_id": number(get.get("unit"), 0) or None,
        "employment": get.get("employment") if get.get("employment") in Learner.Employment.values else "",
        "position": get.get("position", "")[:60],
        "role": role if role in Learner.Role.values else "",
        "status": {"ARCHIVED": "ARCHIVED", "ALL": "", queries.RESTRICTED: queries.RESTRICTED}.get(status, "ACTIVE"),
    }


def number(value: str | None, default: int) -> int:
    """Return a number from an address; nonsense counts as not asked."""
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


def download(content: bytes, name: str, ending: str = "xlsx", kind: str = sheets.MIME) -> HttpResponse:
    """Answer with a file to be saved as ``name.xlsx`` or another ``ending``; never kept by caches."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition(True, f"{name}.{ending}") or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
