"""Pages about enterprises; operations only."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.lifecycle import closing, enterprises, queries, standing, visiting
from public.lifecycle.forms import SuspendForm, VisitForm, WordsForm
from public.lifecycle.history import history
from public.lifecycle.views import sheet
from public.lifecycle.views.facts import closed_facts
from public.lifecycle.views.verifications import desk_of
from public.lifecycle.words import enterprise as one
from public.operators.api import Me, Role, desk_page, frame
from tenants import divisions, sites
from tenants.addresses import port_of
from tenants.models import Enterprise

_ENTERPRISE_HOSTS = [f"{scheme}://*.{settings.ENTERPRISE_BASE_DOMAIN}:*" for scheme in ("http", "https")]
"""A visit leads from the desk to the enterprise's host."""


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the enterprises; every filter lives in the address; ``export=xlsx`` gives the list as a file."""
    get = request.GET
    wanted = {name: get.get(key, "") for name, key in (("search", "q"), ("status", "status"), ("division", "division"),
              ("verified", "verified"), ("sort", "sort"))}  # fmt: skip
    if get.get("export") == "xlsx":
        return _export(sheet.rows_of(enterprises.found(**wanted)))
    page = enterprises.page(**wanted, number=get.get("page", "1"))
    rows = [(row, divisions.full_name(row.division_code)) for row in page]
    context = {
        "page_title": _("企业"),
        "page": page,
        "rows": rows,
        "cities": divisions.CITIES,
        "statuses": Enterprise.Status.choices,
        "chosen": get,
    }
    return render(request, "lifecycle/enterprises.html", {**frame(request, me, "desk-enterprises"), **context})


def _export(rows: list[Enterprise]) -> HttpResponse:
    heads = [_("企业"), _("统一社会信用代码"), _("网址"), _("地区"), _("行业"), _("状态"), _("已核实"), _("开通时间")]
    lines: list[list[sheets.Cell]] = [
        [
            row.name, row.uscc, row.subdomain, divisions.full_name(row.division_code), str(divisions.industry_name(row.industry_code)),
            _("已销毁") if row.destroyed_at else row.get_status_display(), _("是") if row.verified_at else _("否"), f"{clock.shanghai_date(row.created_at):%Y-%m-%d}",
        ]
        for row in rows
    ]  # fmt: skip
    return sheet.answer("enterprises", _("企业"), heads, lines)


@csp_update({"form-action": _ENTERPRISE_HOSTS})
@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def detail(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Show one enterprise: what it is on the left, what can be done on the right, history below."""
    return _detail(request, me, enterprise_id)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def suspend(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Suspend, with a reason."""
    do = partial(standing.suspend, enterprise_id=enterprise_id, desk=desk_of(request, me))
    words = _("已停用，一秒内对全部人员生效。他们仍可查看和导出。")
    return done(request, me, enterprise_id, suspend_form=SuspendForm(request.POST), do=do, words=words)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def reactivate(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Let a suspended enterprise work again."""
    do = partial(standing.reactivate, enterprise_id=enterprise_id, desk=desk_of(request, me))
    words = _("已恢复使用，一秒内对全部人员生效。")
    return done(request, me, enterprise_id, words_form=WordsForm(request.POST), do=do, words=words)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def keep(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Undo a closing on the owner's call."""

    def do(words: str) -> None:
        closing.undo(enterprise_id=enterprise_id, reason=words, who=desk_of(request, me))

    return done(request, me, enterprise_id, words_form=WordsForm(request.POST), do=do, words=_("已撤销注销。"))


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def ask_visit(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Ask the owner for leave to look around."""
    do = partial(visiting.ask, enterprise_id=enterprise_id, desk=desk_of(request, me))
    words = _("已发送申请，等企业负责人同意。")
    return done(request, me, enterprise_id, visit_form=VisitForm(request.POST), do=do, words=words)


def done(
    request: HttpRequest, me: Me, enterprise_id: int, *, do: Callable[..., object], words: str, **forms: Form
) -> HttpResponse:
    """Do what the one form of ``forms`` asks for and say so, or show the page again with why not."""
    (form,) = forms.values()
    if not form.is_valid():
        return _detail(request, me, enterprise_id, status=422, **forms)
    try:
        do(**form.cleaned_data)
    except DomainError as error:
        return _refused(request, me, enterprise_id, error, **forms)
    messages.success(request, words)
    return redirect("desk-enterprise", enterprise_id)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def enter_visit(request: HttpRequest, me: Me, enterprise_id: int, visit: UUID) -> HttpResponse:
    """Lead the visitor to the enterprise's host with a ticket that works once."""
    subdomain, ticket = visiting.ticket(visit=visit, desk=desk_of(request, me))
    return redirect(f"{request.scheme}://{sites.host_of(subdomain)}{port_of(request)}/visit?ticket={ticket}")


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def end_visit(request: HttpRequest, me: Me, enterprise_id: int, visit: UUID) -> HttpResponse:
    """End a visit, or take the question back."""
    visiting.end(enterprise_id=enterprise_id, visit=visit, who=desk_of(request, me))
    messages.success(request, _("已结束。"))
    return redirect("desk-enterprise", enterprise_id)


def _refused(request: HttpRequest, me: Me, enterprise_id: int, error: DomainError, **named: Any) -> HttpResponse:
    """Show the page again with the refusal on its form; above all where the state has changed, for then the form is gone."""
    if error.status in {403, 404}:
        raise error
    if error.status == 409:
        return _detail(request, me, enterprise_id, status=409, refusal=error.message, **named)
    field, (form,) = error.details.get("field"), named.values()
    form.add_error(field if field in form.fields else None, error.message)
    return _detail(request, me, enterprise_id, status=error.status, **named)


def _detail(request: HttpRequest, me: Me, enterprise_id: int, *, status: int = 200, **forms: Any) -> HttpResponse:
    row, at = one(enterprise_id), clock.now()
    closed = closed_facts(row, me, at=at, **forms) if row.status == Enterprise.Status.CLOSED else {}
    context = {
        "page_title": row.name,
        "row": row,
        "address": f"{request.scheme}://{sites.host_of(row.subdomain)}{port_of(request)}",
        "division": divisions.full_name(row.division_code),
        "industry": divisions.industry_name(row.industry_code),
        "rounds": queries.rounds(row.pk)[:5],
        "closure": queries.closure(row.pk),
        "visit": (visit := queries.open_visit(row.pk, at=at)),
        "visit_holds": visit is not None and visit.holds(at),
        "is_visitor": visit is not None and visit.operator_id == me.credential_id,
        "suspend_form": forms.get("suspend_form") or SuspendForm(),
        "words_form": forms.get("words_form") or WordsForm(),
        "visit_form": forms.get("visit_form") or VisitForm(),
        "refusal": forms.get("refusal", ""),
        **closed,
        "history": [{"at": h.at, "title": h.title, "text": h.text, "tone": h.tone} for h in history(f"enterprise:{row.uuid}")],
    }
    return render(request, "lifecycle/enterprise.html", {**frame(request, me, "desk-enterprises"), **context}, status=status)
