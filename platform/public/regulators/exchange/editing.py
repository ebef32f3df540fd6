"""The desk's pages for what changes of a partner later: its way, and the keys of both sides; operations only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page, frame
from public.regulators.exchange import changing, partners
from public.regulators.exchange.forms import KeysForm, WayForm
from public.regulators.exchange.models import Partner
from tenants import divisions
from tenants.addresses import client_ip

_MENU = "desk-exchange"


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def edit(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """Change name, kinds and way."""
    row = _open(partner)
    known = {name: getattr(row, name) for name in WayForm.base_fields}
    form = WayForm(request.POST) if request.method == "POST" else WayForm(initial=known)
    if form.is_bound and form.is_valid():
        try:
            changing.change_partner(uuid=partner, change=form.change(), me=me, at=clock.now(), ip=client_ip(request))
        except DomainError as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, _("修改已生效，后面的记录按新的方式报送。"))
            return redirect("desk-exchange-partner", partner)
    more = {"page_title": _("修改对接"), "row": row, "area": divisions.full_name(row.division_prefix), "form": form}
    return _page(request, me, "edit", form, more)


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def keys(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """Replace the other side's keys; show how our own are changed."""
    row = _open(partner)
    form = KeysForm(request.POST, row=row) if request.method == "POST" else KeysForm(row=row)
    if form.is_bound and form.is_valid():
        try:
            changing.replace_their_keys(uuid=partner, keys=form.keys(), me=me, at=clock.now(), ip=client_ip(request))
        except DomainError as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, _("对方的新密钥已启用。"))
            return redirect("desk-exchange-keys", partner)
    is_both = row.former_until is not None and row.former_until > clock.now()
    more = {
        "page_title": _("更换密钥"),
        "row": row,
        "form": form,
        "former_until": row.former_until if is_both else None,
        "their_key": bytes(row.their_public).hex(),
        "own_key": bytes(row.own_public).hex(),
        "next_key": bytes(row.next_public).hex(),
    }
    return _page(request, me, "keys", form, more)


@require_POST
@desk_page(Role.OPERATIONS)
def own_keys(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """Make our next pair, or let it take over."""
    at, ip = clock.now(), client_ip(request)
    if request.POST.get("step") == "prepare":
        changing.prepare_own_keys(uuid=partner, me=me, at=at, ip=ip)
        messages.success(request, _("新公钥已生成。请交给对方登记，对方确认后再启用。"))
    elif request.POST.get("step") == "take":
        changing.take_own_keys_up(uuid=partner, me=me, at=at, ip=ip)
        messages.success(request, _("新密钥已启用，旧密钥已删除。"))
    else:
        raise DomainError("invalid", _("没有这种操作，请刷新页面后重试。"), status=422)
    return redirect("desk-exchange-keys", partner)


def _open(partner: UUID) -> Partner:
    row = partners.one(partner)
    if row.state == Partner.State.CLOSED:
        raise partners.closed()
    return row


def _beside(form: Form, refusal: DomainError) -> None:
    """Put a refusal beside its field, or above the form."""
    where = refusal.details.get("field")
    form.add_error(where if where in form.fields else None, str(refusal.message))


def _page(request: HttpRequest, me: Me, name: str, form: Form, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, f"regulator/exchange/{name}.html", {**frame(request, me, _MENU), **context}, status=status)
