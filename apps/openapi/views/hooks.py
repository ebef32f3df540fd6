"""The manager's pages of hooks: where to, what, secrets, on and off."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.openapi.hooks import addressing, desk, kinds
from apps.openapi.models import Hook
from apps.openapi.views.shared import acting, on_field
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError

SEE, CHANGE = people.Permission.INTERFACES_SEE, people.Permission.INTERFACES_CHANGE


class HookForm(forms.Form):
    """A hook."""

    name = forms.CharField(
        label=gettext_lazy("推送给哪个系统"),
        max_length=60,
        error_messages={"required": gettext_lazy("请写明推送给哪个系统，例如 人事系统。")},
    )
    url = forms.CharField(
        label=gettext_lazy("接收地址"),
        max_length=300,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text=gettext_lazy("由对方提供，以 https:// 开头，不跟随跳转。"),
        error_messages={"required": gettext_lazy("请填写以 https:// 开头的完整地址。")},
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("推送哪些消息"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("消息里只有编号，没有姓名和号码；详情由对方用密钥读取。"),
        error_messages={"required": gettext_lazy("请至少选择一类消息。")},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        told = [(name, f"{kind.label}（{kind.event}）") for name, kind in kinds.KINDS.items()]
        self.fields["kinds"].choices = told  # type: ignore[attr-defined]

    @property
    def order(self) -> addressing.Order:
        """What was asked for."""
        return addressing.Order(**self.cleaned_data)


def standing(row: Hook) -> tuple[str, str]:
    """Return tone and words of where a hook stands."""
    if not row.is_on:
        reasons = {"failing": _("已自动停用"), "gone": _("对方不再接收")}
        return ("stop" if row.off_reason in reasons else "neutral"), reasons.get(row.off_reason, _("已停用"))
    return ("attention", _("推送失败中")) if row.failing_since else ("proven", _("启用"))


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List hooks; there are few."""
    lines = [(row, *standing(row), [kinds.label(kind) for kind in row.kinds]) for row in addressing.hooks()]
    return render(request, "openapi/hooks.html", {"lines": lines, "figures": desk.figures(at=clock.now())})


@require_http_methods(["GET", "POST"])
@people.manager_page(CHANGE)
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a hook; its secret is shown on the page that answers, and never again."""
    form = HookForm(request.POST if request.method == "POST" else None, initial={"kinds": list(kinds.KINDS)})
    if form.is_valid():
        try:
            row, secret = addressing.add(order=form.order, **acting(request))
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            return _shown_once(request, row, secret)
    return render(request, "openapi/hook_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@people.manager_page(SEE, post=CHANGE)
def one(request: HttpRequest, hook: UUID) -> HttpResponseBase:
    """Show a hook, and change it."""
    row = addressing.hook_of(hook)
    initial = {"name": row.name, "url": row.url, "kinds": row.kinds}
    form = HookForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            addressing.change(hook=hook, order=form.order, **acting(request))
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            messages.success(request, _("推送地址已保存。请发一条测试消息，确认对方能收到。"))
            return redirect("console-interfaces-hook", hook=hook)
    tone, state = standing(row)
    lines = [desk.line(one) for one in desk.listing(hook=hook)[:10]]
    values = {
        "form": form,
        "row": row,
        "tone": tone,
        "state": state,
        "kinds": [kinds.label(kind) for kind in row.kinds],
        "lines": lines,
        "figures": desk.figures(at=clock.now(), hook=hook),
        "overlaps": bool(row.former_until and clock.now() < row.former_until),
    }
    return render(request, "openapi/hook.html", values, status=422 if form.errors else 200)


@require_POST
@people.manager_page(CHANGE)
def switch(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Switch a hook on or off (``on=1``)."""
    row = addressing.switch(hook=hook, on=request.POST.get("on") == "1", **acting(request))
    messages.success(request, _("推送已启用。") if row.is_on else _("推送已停用，停用期间的消息不会补推。"))
    return redirect("console-interfaces-hook", hook=hook)


@require_POST
@people.manager_page(CHANGE)
def renew_secret(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Give a hook a new secret, shown once."""
    return _shown_once(request, *addressing.renew_secret(hook=hook, **acting(request)))


@require_POST
@people.manager_page(CHANGE)
def trial(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Send a trial message."""
    addressing.trial(hook=hook, **acting(request))
    messages.success(request, _("测试消息已排入推送，结果会显示在推送记录第一行。"))
    return redirect("console-interfaces-hook", hook=hook)


def _shown_once(request: HttpRequest, row: Hook, secret: str) -> HttpResponse:
    response = render(request, "openapi/hook_secret.html", {"row": row, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response
