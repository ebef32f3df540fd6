"""The manager's pages of keys: who may ask, what, until when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.openapi import keys, scopes
from apps.openapi.interface import PATH
from apps.openapi.models import ApiKey
from apps.openapi.views.shared import acting, download, log, on_field
from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit

SEE, CHANGE = people.Permission.INTERFACES_SEE, people.Permission.INTERFACES_CHANGE
PAGE = 30
DAYS = [(30, gettext_lazy("30 天")), (90, gettext_lazy("90 天")), (180, gettext_lazy("180 天")), (365, gettext_lazy("1 年"))]
STATES = [("ALIVE", gettext_lazy("有效")), ("SOON", gettext_lazy("即将到期")), ("ENDED", gettext_lazy("已失效"))]


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=gettext_lazy("给哪个系统用"),
        max_length=60,
        help_text=gettext_lazy("例如 人事系统。一个系统一个密钥，停用时不影响别的系统。"),
        error_messages={"required": gettext_lazy("请写明给哪个系统用，例如 人事系统。")},
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("能做什么"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请至少选择一项权限。")},
    )
    days = forms.TypedChoiceField(label=gettext_lazy("有效期"), choices=DAYS, coerce=int, initial=180)
    per_minute = forms.TypedChoiceField(
        label=gettext_lazy("每分钟最多请求"), choices=[(rate, str(rate)) for rate in keys.RATES], coerce=int, initial=300
    )
    networks = forms.CharField(
        label=gettext_lazy("只允许这些地址使用"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("对方服务器的公网 IP 或网段，一行一个。不填则不限制地址。"),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        told = [(str(scope), f"{words[0]}：{words[1]}") for scope, words in scopes.LABELS.items()]
        self.fields["scopes"].choices = told  # type: ignore[attr-defined]


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List keys; filters live in the address, ``export=xlsx`` gives what is listed as a file."""
    at, get = clock.now(), request.GET
    chosen = {"text": get.get("q", "")[:60], "state": get.get("state", "")[:10]}
    rows = keys.listing(**chosen, at=at)
    if get.get("export") == "xlsx":
        return _export(request, rows, at)
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "lines": [(row, *standing(row, at), [scopes.label(one) for one in row.scopes]) for row in page],
        "states": STATES,
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "base": request.build_absolute_uri(PATH),
    }
    return render(request, "openapi/keys.html", values)


def standing(row: ApiKey, at: datetime) -> tuple[str, str]:
    """Return tone and words of where a key stands."""
    if row.revoked_at is not None:
        return "neutral", _("已停用")
    if row.expires_at <= at:
        return "neutral", _("已到期")
    return ("attention", _("即将到期")) if row.expires_at <= at + keys.SOON else ("proven", _("有效"))


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def make(request: HttpRequest) -> HttpResponseBase:
    """Make a key; its secret is shown on the page that answers, and never again."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = {**form.cleaned_data, "networks": form.cleaned_data["networks"].split()}
        try:
            row, token = keys.make(order=keys.Order(**said), **acting(request))
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            values = {"row": row, "token": token, "base": request.build_absolute_uri(PATH)}
            response = render(request, "openapi/key_made.html", values)
            response["Cache-Control"] = "no-store"
            return response
    return render(request, "openapi/key_form.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@people.manager_page(SEE)
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a key and what was done with it."""
    row = keys.key_of(key)
    tone, state = standing(row, clock.now())
    words = [(scopes.label(one), one in set(map(str, scopes.WRITING))) for one in row.scopes]
    done = audit.history(f"key:{row.prefix}", most=20)
    values = {
        "row": row,
        "tone": tone,
        "state": state,
        "scopes": words,
        "history": [(told.at, _done(told.action)) for told in done],
    }
    return render(request, "openapi/key.html", values)


def _done(action: str) -> str:
    return {"openapi.key_made": _("生成"), "openapi.key_revoked": _("停用")}.get(action, action)


@require_POST
@people.manager_page(CHANGE)
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a key at once."""
    row = keys.revoke(key=key, **acting(request))
    messages.success(request, _("“%(name)s”的密钥已停用，使用它的系统现在收到 401。") % {"name": row.name})
    return redirect("console-interfaces")


def _export(request: HttpRequest, rows: Any, at: datetime) -> HttpResponse:
    heads = [
        _("系统"),
        _("密钥开头"),
        _("权限"),
        _("状态"),
        _("允许的地址"),
        _("每分钟"),
        _("生成人"),
        _("生成日期"),
        _("到期日期"),
        _("最近使用"),
    ]
    lines = [
        [
            row.name,
            f"{keys.MARK}_{row.prefix}",
            "、".join(scopes.label(one) for one in row.scopes),
            standing(row, at)[1],
            "、".join(row.networks),
            row.per_minute,
            row.by.name,
            clock.shanghai_date(row.made_at).isoformat(),
            clock.shanghai_date(row.expires_at).isoformat(),
            clock.shanghai_date(row.used_at).isoformat() if row.used_at else "",
        ]
        for row in rows
    ]
    log(request, "openapi.keys_exported", "keys", count=len(lines))
    return download(sheets.xlsx_file(_("接口密钥"), heads, lines), _("接口密钥"))
