"""What a person wants to be told, and where: the page “消息与提醒” on either side."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.people import access, sealing
from apps.people.notify import choosing, kinds, mailing
from apps.people.permissions import Permission
from apps.people.ports import MAILER
from apps.people.views.inbox import CONSOLE, LEARN, Side
from infra.kit import identity
from infra.kit.errors import DomainError
from tenants.addresses import client_ip
from tenants.api import Credential

COLUMNS = (kinds.SMS, kinds.MAIL)


@require_http_methods(["GET", "POST"])
@access.learner_page
def learn_choices(request: HttpRequest) -> HttpResponseBase:
    """Show and keep the learner's choices."""
    return _page(request, LEARN)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.CONSOLE)
def console_choices(request: HttpRequest) -> HttpResponseBase:
    """Show and keep the manager's choices."""
    return _page(request, CONSOLE)


@require_POST
@access.learner_page
def learn_address(request: HttpRequest) -> HttpResponseBase:
    """Bind or forget a mail address."""
    return _address(request, LEARN)


@require_POST
@access.manager_page(Permission.CONSOLE)
def console_address(request: HttpRequest) -> HttpResponseBase:
    """Bind or forget a mail address or the login number."""
    return _address(request, CONSOLE)


def _page(request: HttpRequest, side: Side) -> HttpResponseBase:
    if request.method == "POST":
        choosing.save_choice(
            credential=_credential(request),
            audience=side.audience,
            digest=request.POST.get("digest") == "1",
            on=request.POST.getlist("on"),
        )
        messages.success(request, _("已保存您的选择。"))
        return redirect(side.url("choices"))
    return _show(request, side)


def _show(request: HttpRequest, side: Side, *, status: int = 200, **more: Any) -> HttpResponse:
    credential = _credential(request)
    choice, settings = choosing.choice_of(credential.pk), choosing.settings_of()
    learner = access.profile(request).learner
    mail = sealing.unseal(choice.mail_sealed, choosing.MAIL) if choice.mail_sealed else ""
    mobile = sealing.unseal(choice.mobile_sealed, choosing.MOBILE) if choice.mobile_sealed else ""
    values = {
        "side": side,
        "frame": side.frame,
        "rows": [_row(kind, choice.off, settings.off) for kind in kinds.free_first(side.audience)],
        "choice": choice,
        "settings": settings,
        "mail": mailing.masked(mail),
        "mail_ready": MAILER.get().is_ready,
        "mobile": learner.masked_mobile if learner else identity.mask_mobile(mobile) if mobile else "",
        "is_own_mobile": learner is None,
        "list_url": side.url(),
        "address_url": side.url("address"),
        "error": None,
        "step": "",
        "typed": "",
        **more,
    }
    return render(request, "people/notices/choices.html", values, status=status)


def _row(kind: kinds.Kind, own_off: list[str], off: list[str]) -> dict[str, Any]:
    """Return one line: label, why it stays on, and for each column None (never so), or (entry, on, the person may change it)."""
    cells: list[dict[str, Any] | None] = []
    for channel in COLUMNS:
        entry = f"{kind.name}/{channel}"
        closed = not kind.must and entry in off
        is_on = bool(kind.must) or (entry not in own_off and not closed)
        cell = {"entry": entry, "on": is_on, "free": not kind.must and not closed, "channel": channel, "closed": closed}
        cells.append(cell if channel in kind.channels else None)
    return {"label": kinds.label_of(kind), "must": kind.must, "cells": cells}


def _address(request: HttpRequest, side: Side) -> HttpResponseBase:
    do, post, credential = request.POST.get("do", ""), request.POST, _credential(request)
    try:
        if do == "mail":
            mailing.send_code(credential=credential, mail=post.get("mail", "")[:120], ip=client_ip(request))
            return _show(request, side, step="code", typed=post.get("mail", "")[:120])
        if do == "code":
            mailing.confirm(credential=credential, code=post.get("code", "")[:10])
            messages.success(request, _("邮箱已绑定，培训提醒会同时发到邮箱。"))
        elif do == "mobile" and side is CONSOLE:
            choosing.keep_mobile(credential=credential, mobile=post.get("mobile", "")[:30])
            messages.success(request, _("已开通短信提醒。"))
        elif do == "forget-mail":
            choosing.keep_mail(credential=credential, mail="")
            messages.success(request, _("已解除邮箱绑定。"))
        elif do == "forget-mobile":
            choosing.forget_mobile(credential=credential)
            messages.success(request, _("已停止短信提醒。"))
    except DomainError as refusal:
        step = "code" if do == "code" and refusal.code == "code_wrong" else do
        return _show(
            request, side, error=refusal, step=step, typed=post.get("mail") or post.get("mobile") or "", status=refusal.status
        )
    return redirect(side.url("choices"))


def _credential(request: HttpRequest) -> Credential:
    found = access.profile(request).credential
    assert found is not None  # noqa: S101 - the guards let nobody else in
    return found
