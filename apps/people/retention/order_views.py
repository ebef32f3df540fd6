"""Pages of orders: old months seen again, everything of the enterprise taken along."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access
from apps.people.permissions import Permission
from apps.people.retention.forms import EVERYBODY, ExportForm, PasswordForm, RestoreForm, found_people
from apps.people.retention.views import by, names_of, on_field
from apps.people.retention.words import told
from apps.records.retention import api as retention
from apps.records.retention.api import Order
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import limits
from tenants.addresses import client_ip
from tenants.api import current_site

PAGE, ROWS = 20, 50
PASSWORD_TRIES = "5/15 minutes"  # noqa: S105 - a rate


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.RETENTION_SEE, post=Permission.RETENTION_CHANGE)
def restores(request: HttpRequest) -> HttpResponse:
    """List what was seen again; ask for a learner's old months, or a month of everybody."""
    people = found_people(request.GET.get("q", ""))
    first = (EVERYBODY, _("全企业（一个月）"))
    form = RestoreForm(request.POST if request.method == "POST" else None, people=people, first=first)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = retention.place_order(
                kind=Order.Kind.RESTORE,
                by=by(request),
                at=clock.now(),
                subject=form.subject,
                month=said["month"],
                reason=said["reason"],
            )
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            return redirect("console-retention-restore", row.uuid)
    page = Paginator(retention.orders(Order.Kind.RESTORE), PAGE).get_page(request.GET.get("page"))
    names = names_of([row.subject for row in page if row.subject])
    values = {
        "page": page,
        "rows": [(row, names.get(row.subject, "—") if row.subject else _("全企业")) for row in page],
        "form": form,
        "open_states": retention.OPEN,
        "here": "restores",
    }
    return render(request, "people/retention/restores.html", values, status=422 if form.errors else 200)


@require_GET
@access.manager_page(Permission.RETENTION_CHANGE)
def restore(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show how far an order is (polled), then the rows; each look at them is in the audit log."""
    row, at = retention.of_uuid(order, Order.Kind.RESTORE), clock.now()
    values = {**_state(row), "name": names_of([row.subject]).get(row.subject, "—") if row.subject else _("全企业")}
    if values["is_ready"]:
        parts = retention.parts(row, at=at)
        chosen = request.GET.get("part", "") or (parts[0].name if parts else "")
        count = next((part.rows for part in parts if part.name == chosen), 0)
        page = Paginator(range(count), ROWS).get_page(request.GET.get("page"))
        begin = (page.number - 1) * ROWS
        rows = retention.rows(row, chosen, at=at, begin=begin, end=begin + ROWS)
        names = names_of([one.learner for one in rows if one.learner])
        lines = [(one, names.get(one.learner, "") if one.learner else "", told(one.body)) for one in rows]
        values |= {"parts": parts, "chosen": chosen, "page": page, "lines": lines}
        values["has_pictures"] = chosen == "faces" and Permission.FACES_REVIEW in access.permissions(request)
        _note(request, "retention.restored_seen", row, part=chosen, page=page.number)
    return render(request, "people/retention/restore.html", values)


def _state(row: Order) -> dict[str, Any]:
    is_open = row.state in retention.OPEN
    return {
        "order": row,
        "is_open": is_open,
        "is_ready": retention.is_ready(row, clock.now()),
        "progress": retention.progress_of(row) if is_open else None,
    }


def _note(request: HttpRequest, action: str, row: Order, **details: Any) -> None:
    who = f"manager:{access.manager_of(request).id}"
    audit.record(action, actor=who, target=f"order:{row.uuid}", at=clock.now(), ip=client_ip(request), **details)


@require_GET
@access.manager_page(Permission.FACES_REVIEW)
def picture(request: HttpRequest, order: UUID, row: int, number: int) -> HttpResponse:
    """Show one picture of a restored face check to who may decide about faces; each look is in the audit log."""
    found = retention.of_uuid(order, Order.Kind.RESTORE)
    pictures = retention.pictures(found, "faces", row, at=clock.now())
    if not 0 < number <= len(pictures):
        raise DomainError("not_found", _("没有这张抓拍，或者学员已撤回同意，图片已无法打开。"), status=404)
    _note(request, "retention.restored_picture_seen", found, check=row, number=number)
    answer = HttpResponse(pictures[number - 1], content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@access.manager_page(Permission.RETENTION_CHANGE)
def cancel_restore(request: HttpRequest, order: UUID) -> HttpResponse:
    """Stop an order."""
    retention.cancel(uuid=order, kind=Order.Kind.RESTORE, at=clock.now())
    return redirect("console-retention-restore", order)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.EXPORT)
def exports(request: HttpRequest) -> HttpResponse:
    """List the exports; order one by typing the enterprise's name."""
    form = ExportForm(request.POST if request.method == "POST" else None, expected=current_site().name)
    if form.is_valid():
        try:
            row = retention.place_order(kind=Order.Kind.EXPORT, by=by(request), at=clock.now())
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            _note(request, "retention.export_ordered", row)
            return redirect("console-retention-export", row.uuid)
    page = Paginator(retention.orders(Order.Kind.EXPORT), PAGE).get_page(request.GET.get("page"))
    values = {"page": page, "form": form, "open_states": retention.OPEN, "here": "exports"}
    return render(request, "people/retention/exports.html", values, status=422 if form.errors else 200)


@require_GET
@access.manager_page(Permission.EXPORT)
def export(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show how far an export is (polled), then the way to the file."""
    row = retention.of_uuid(order, Order.Kind.EXPORT)
    return render(
        request, "people/retention/export.html", {**_state(row), "form": PasswordForm(), "platform": _platform(request)}
    )


def _platform(request: HttpRequest) -> str:
    """Return the platform's address as people reach it, where the checker and the keys lie."""
    port = request.get_host().partition(":")[2]
    return f"{request.scheme}://{settings.PLATFORM_HOST}{f':{port}' if port else ''}"


@require_POST
@access.manager_page(Permission.EXPORT)
def cancel_export(request: HttpRequest, order: UUID) -> HttpResponse:
    """Stop an export."""
    retention.cancel(uuid=order, kind=Order.Kind.EXPORT, at=clock.now())
    return redirect("console-retention-export", order)


@require_POST
@access.manager_page(Permission.EXPORT)
def export_file(request: HttpRequest, order: UUID) -> HttpResponseBase:
    """Give the file to an owner who has typed the password once more."""
    row = retention.of_uuid(order, Order.Kind.EXPORT)
    form = PasswordForm(request.POST)
    if form.is_valid():
        credential = access.profile(request).credential
        limits.spend(PASSWORD_TRIES, "export-password", str(credential.pk if credential else 0), current_site().schema_name)
        if credential is not None and credential.check_password(form.cleaned_data["password"]):
            return _file(request, row)
        form.add_error("password", _("密码不正确。没有设置过密码的话，请先在“我的”里设置。"))
    values = {**_state(row), "form": form, "platform": _platform(request)}
    return render(request, "people/retention/export.html", values, status=422)


def _file(request: HttpRequest, row: Order) -> HttpResponseBase:
    at = clock.now()
    answer = StreamingHttpResponse(retention.pieces(row, at=at), content_type="application/zip")
    _note(request, "retention.export_taken", row, sha256=row.sha256)
    name = _("企业全部数据-%(day)s.zip") % {"day": clock.shanghai_date(row.at).isoformat()}
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Content-Length"] = str(row.size)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
