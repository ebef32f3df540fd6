"""Notices at the authority: list, writing one, one with all that was said, and what may be done with it."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import sheets
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.portal import asking, attaching, locking, reading, tables
from public.portal.forms import AcceptForm, AgainForm, AskForm, TakeBackForm
from public.portal.shapes import AUTHORITY, Case
from public.portal.views.common import asker_of, enterprise_of, today
from public.regulators.api import Authority, page_frame, regulator_page
from public.uploads import api as uploads
from tenants import divisions

_MENU = "regulator-rectifications"
_FORMS: dict[str, Any] = {"accept": AcceptForm, "again": AgainForm, "back": TakeBackForm}
_NAMES = {"back": "withdrawal"}
"""Action to what the template calls its form, where ``back`` is the way back."""


@require_GET
@regulator_page
def listing(request: HttpRequest, who: Authority) -> HttpResponse:
    """List the notices to enterprises of the division; also as a workbook."""
    get, day = request.GET, today()
    rows = reading.of_division(who.division_prefix, text=get.get("q", ""), show=get.get("show", ""), today=day)
    if get.get("export") == "xlsx":
        found = reading.lines(sheets.not_too_many(rows, tables.MOST), today=day)
        heads = [_("编号"), _("整改事项"), _("企业"), _("发出部门"), _("发出日期"), _("期限"), _("状态")]
        return tables.answer(_("整改通知"), heads, tables.of_notices(found), what="rectifications", asker=asker_of(request, who))
    page, lines = reading.page(rows, number=get.get("page", "1"), today=day)
    context = {
        "page_title": _("整改通知"),
        "area": divisions.full_name(who.division_prefix),
        "totals": reading.totals(who.division_prefix, today=day),
        "shows": [("late", _("已逾期")), ("waiting", _("待企业整改")), ("answered", _("待复核")), ("closed", _("已结束"))],
        "page": page,
        "lines": lines,
        "chosen": get,
    }
    return render(request, "portal/notices.html", {**page_frame(who, _MENU), **context})


@never_cache
@require_http_methods(["GET", "POST"])
@regulator_page
def ask(request: HttpRequest, who: Authority, company: UUID) -> HttpResponse:
    """Write a notice to an enterprise."""
    row, form = enterprise_of(who, company), AskForm(request.POST or None)
    if form.is_valid():
        try:
            asker = asker_of(request, who)
            uuid = asking.ask(enterprise=company, wanted=form.wanted(), asker=asker, files=_named(request))
        except DomainError as refusal:
            _put(form, refusal)
        else:
            messages.success(request, _("整改通知已发出，企业管理人员已收到消息。"))
            return redirect("regulator-rectification", uuid)
    context = {
        "page_title": _("发出整改通知"), "row": row, "form": form, "division": divisions.full_name(row.division_code),
        "sent": _sent(request, who), "most_files": attaching.MOST,
    }  # fmt: skip
    return render(
        request, "portal/ask.html", {**page_frame(who, _MENU), **context}, status=422 if form.is_bound and form.errors else 200
    )


@never_cache
@require_GET
@regulator_page
def detail(request: HttpRequest, who: Authority, rectification: UUID) -> HttpResponse:
    """Show one notice."""
    return _detail(request, who, reading.case_of(who, rectification, today=today()))


@require_POST
@regulator_page
def act(request: HttpRequest, who: Authority, rectification: UUID, action: str) -> HttpResponse:
    """Accept, ask again, or take back."""
    if action not in _FORMS:
        raise DomainError("unknown_action", _("页面已更新，请返回后重试。"), status=404)
    form = _FORMS[action](request.POST)
    if not form.is_valid():
        return _detail(request, who, reading.case_of(who, rectification, today=today()), status=422, **{action: form})
    said, asker = form.cleaned_data, asker_of(request, who)
    try:
        if action == "accept":
            asking.accept(rectification=rectification, text=said["text"], asker=asker)
        elif action == "again":
            asking.ask_again(rectification=rectification, text=said["text"], due_on=said["due_on"], asker=asker)
        else:
            asking.take_back(rectification=rectification, text=said["text"], asker=asker)
    except DomainError as refusal:
        if refusal.status not in {409, 422}:
            raise
        _put(form, refusal)
        case = reading.case_of(who, rectification, today=today())
        if refusal.status == 409:  # somebody was quicker, and the form may be gone: the words must not be
            messages.error(request, str(refusal.message))
        return _detail(request, who, case, status=refusal.status, **{action: form})
    return redirect("regulator-rectification", rectification)


@require_POST
@regulator_page
def attach(request: HttpRequest, who: Authority, rectification: UUID) -> HttpResponse:
    """Answer the upload widget: the finished file belongs to the notice; the list of files comes back."""
    for upload in _named(request):
        attaching.attach_by_authority(rectification=rectification, upload=upload, asker=asker_of(request, who))
    case = reading.case_of(who, rectification, today=today())
    values = {"files": case.found_files, "case": case, "name": "regulator-rectification-file", "id": "found-files", "oob": True}
    return render(request, "portal/_files.html", values)


@require_GET
@regulator_page
def download(request: HttpRequest, who: Authority, rectification: UUID, upload: UUID) -> HttpResponseBase:
    """Give a file of a notice; what an enterprise added leaves it, so that its log tells who took it."""
    row, asker = locking.seen_by(who.division_prefix, rectification), asker_of(request, who)
    found = attaching.attachment(row.pk, upload)
    response = uploads.given(found, shown="show" in request.GET)
    if found and found.side != AUTHORITY:
        audit.exchanged(
            "regulator.attachment_taken",
            audit.Direction.OUT,
            actor=asker.actor,
            target=f"rectification:{row.uuid}",
            at=asker.at,
            ip=asker.ip,
            party=asker.party,
            what="attachment",
            rows=1,
            schema_name=row.schema_name,
            number=row.number,
        )
    return response


def _named(request: HttpRequest) -> list[UUID]:
    """Return the uploads that a form names, each once.

    :raises DomainError: 400 ``unknown_upload``
    """
    try:
        return [UUID(said) for said in dict.fromkeys(request.POST.getlist("upload")) if said]
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请重新上传。")) from error


def _sent(request: HttpRequest, who: Authority) -> list[uploads.UploadView]:
    """Return what a form that is shown again had taken: those of its files that are the asker's own."""
    found = []
    for upload in _named(request):
        with suppress(DomainError):
            found.append(uploads.own_upload(upload, owner_id=who.credential_id, provider_schema=""))
    return found


def _detail(request: HttpRequest, who: Authority, case: Case, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "page_title": case.row.title,
        "case": case,
        "back": reverse(_MENU),
        "most_files": attaching.MOST,
        **{_NAMES.get(name, name): forms.get(name) or form() for name, form in _FORMS.items()},
    }
    return render(request, "portal/notice.html", {**page_frame(who, _MENU), **context}, status=status)


def _put(form: Any, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
