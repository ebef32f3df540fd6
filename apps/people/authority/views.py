"""Notices of authorities in the console: list, one with all that was said, files, the answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.people import access
from apps.people.authority.forms import AnswerForm
from apps.people.permissions import Permission
from infra.kit import clock
from infra.kit.errors import DomainError
from public.portal import api as portal
from tenants.addresses import client_ip
from tenants.api import platform_scope, require

_SEES, _ANSWERS = Permission.AUTHORITY_SEE, Permission.AUTHORITY_ANSWER


@require_GET
@access.manager_page(_SEES)
def listing(request: HttpRequest) -> HttpResponse:
    """List the notices to this enterprise, those that wait first."""
    get, schema, today = request.GET, require().schema, clock.shanghai_date(clock.now())
    with platform_scope():
        rows = portal.of_enterprise(schema, today=today, show=get.get("show", ""))
        page, lines = portal.page(rows, number=get.get("page", "1"), today=today)
    shows = [("late", _("已逾期")), ("waiting", _("待整改")), ("answered", _("待复核")), ("closed", _("已结束"))]
    return render(request, "people/authority/listing.html", {"page": page, "lines": lines, "chosen": get, "shows": shows})


@never_cache
@require_GET
@access.manager_page(_SEES)
def detail(request: HttpRequest, rectification: UUID) -> HttpResponse:
    """Show one notice; the authority learns that somebody who may answer has seen it."""
    by = _by(request)
    with platform_scope():
        if _ANSWERS in access.permissions(request):
            portal.see(rectification=rectification, by=by)
    return _detail(request, rectification, AnswerForm())


@require_POST
@access.manager_page(_ANSWERS)
def answer(request: HttpRequest, rectification: UUID) -> HttpResponse:
    """Say what was mended."""
    form, by = AnswerForm(request.POST), _by(request)
    if not form.is_valid():
        return _detail(request, rectification, form, status=422)
    try:
        with platform_scope():
            portal.answer(rectification=rectification, text=form.cleaned_data["text"], by=by)
    except DomainError as refusal:
        if refusal.status != 422:
            raise
        form.add_error("text", str(refusal.message))
        return _detail(request, rectification, form, status=422)
    messages.success(request, _("整改情况已提交，等待监管部门复核。"))
    return redirect("console-rectification", rectification)


@require_POST
@access.manager_page(_ANSWERS)
def attach(request: HttpRequest, rectification: UUID) -> HttpResponse:
    """Answer the upload widget: the finished file belongs to the notice; the list of files comes back."""
    try:
        upload = UUID(request.POST.get("upload", ""))
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请重新上传。")) from error
    by, owner = _by(request), int(request.user.pk or 0)
    with platform_scope():
        portal.attach(rectification=rectification, upload=upload, owner_id=owner, by=by)
        case = portal.case_in(by.schema, rectification, today=clock.shanghai_date(by.at))
    values = {"files": case.mended_files, "case": case, "name": "console-rectification-file", "oob": True}
    return render(request, "portal/_files.html", values)


@require_GET
@access.manager_page(_SEES)
def download(request: HttpRequest, rectification: UUID, upload: UUID) -> HttpResponseBase:
    """Give back what was attached."""
    schema, today = require().schema, clock.shanghai_date(clock.now())
    with platform_scope():
        case = portal.case_in(schema, rectification, today=today)
        return portal.download(case.row.pk, upload, shown="show" in request.GET)


def _detail(request: HttpRequest, rectification: UUID, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    schema, today = require().schema, clock.shanghai_date(clock.now())
    with platform_scope():
        case = portal.case_in(schema, rectification, today=today)
    context = {
        "case": case,
        "form": form,
        "may_answer": _ANSWERS in access.permissions(request) and case.is_waiting,
        "most_files": portal.MOST_FILES,
        "back": reverse("console-rectifications"),
    }
    return render(request, "people/authority/detail.html", context, status=status)


def _by(request: HttpRequest) -> portal.Answerer:
    manager = access.manager_of(request)
    return portal.Answerer(f"manager:{manager.id}", manager.name, require().schema, clock.now(), client_ip(request))
