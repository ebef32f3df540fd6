"""What everybody who signs in finds behind the own name: devices, phone, password, outside accounts."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access
from apps.people.joining import devices, phones, sso
from apps.people.joining.models import Outside
from apps.people.permissions import Permission
from apps.people.shapes import Profile
from apps.people.views import codes
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip
from tenants.api import Credential


class PhoneForm(forms.Form):
    """A new number, with the old one or without; codes once they have been sent."""

    old = forms.CharField(
        label=gettext_lazy("现在登录用的手机号"), max_length=30, error_messages={"required": gettext_lazy("请填写现在的手机号。")}
    )
    new = forms.CharField(
        label=gettext_lazy("新手机号"), max_length=30, error_messages={"required": gettext_lazy("请填写新手机号。")}
    )
    old_code = forms.CharField(
        label=gettext_lazy("发到原手机的验证码"),
        max_length=10,
        error_messages={"required": gettext_lazy("请填写原手机收到的 6 位验证码。")},
    )
    new_code = forms.CharField(
        label=gettext_lazy("发到新手机的验证码"),
        max_length=10,
        error_messages={"required": gettext_lazy("请填写新手机收到的 6 位验证码。")},
    )

    def __init__(self, *args: object, has_old: bool, asks_codes: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        unasked = ([] if asks_codes else ["old_code", "new_code"]) + ([] if has_old else ["old", "old_code"])
        for name in dict.fromkeys(unasked):
            del self.fields[name]


@never_cache
@require_GET
@access.declares(Permission.SIGNED_IN)
def me(request: HttpRequest) -> HttpResponseBase:
    """Show how one signs in, and where one is signed in."""
    who = access.profile(request)
    if who.credential is None:
        return access.to_sign_in(request)
    bound = sso.bound(who.credential)
    values = {
        "devices": devices.of(who.credential, here=request.session.get(devices.MARK, "")),
        "has_password": who.credential.has_usable_password(),
        "phone": who.learner.masked_mobile if who.learner else "",
        "waits": phones.waiting_of(who.learner.id) if who.learner else None,
        "systems": [(kind, label, bound.get(kind)) for kind, label in sso.open_kinds()],
    }
    return render(request, "people/joining/me.html", values | _frame(who))


@require_POST
@access.declares(Permission.SIGNED_IN)
def end_devices(request: HttpRequest) -> HttpResponseBase:
    """End one sign-in (``device``), or all others."""
    credential = _credential(request)
    if credential is None:
        return access.to_sign_in(request)
    here, chosen = request.session.get(devices.MARK, ""), request.POST.get("device", "")
    if chosen:
        devices.end(credential, device=_uuid(chosen), at=clock.now())
        messages.success(request, _("已退出那台设备。"))
    else:
        n = devices.end_all(credential, but=here, at=clock.now())
        messages.success(request, _("已退出其他 %(n)d 台设备。") % {"n": n})
    _log(request, credential, "people.devices_ended")
    return redirect("me")


@require_POST
@access.declares(Permission.SIGNED_IN)
def unbind(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Stop being let in by an outside account."""
    credential = _credential(request)
    if credential is None:
        return access.to_sign_in(request)
    if kind in Outside.values:
        sso.unbind(kind=kind, credential=credential, by=None, at=clock.now())
        _log(request, credential, "people.unbound")
        messages.success(request, _("已解绑，不能再用那个账号登录。"))
    return redirect("me")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@access.declares(Permission.SIGNED_IN)
def phone(request: HttpRequest) -> HttpResponseBase:
    """Change the number: ``way`` is ``old`` (the old phone is at hand) or ``lost``; ``do`` is ``send`` or ``enter``."""
    who = access.profile(request)
    if who.credential is None:
        return access.to_sign_in(request)
    has_old = (request.POST.get("way") or request.GET.get("way")) != "lost"
    if request.method == "GET":
        return _phone_page(request, PhoneForm(has_old=has_old, asks_codes=False), has_old)
    enters = request.POST.get("do") == "enter"
    form = PhoneForm(request.POST, has_old=has_old, asks_codes=enters)
    if not form.is_valid():
        return _phone_page(request, form, has_old, status=422, asks_codes=enters)
    try:
        return _changed(request, who, form) if enters else _sent(request, who, form, has_old)
    except DomainError as refusal:
        field = refusal.details.get("field")
        form.add_error(field if field in form.fields else None, str(refusal.message))
        return _phone_page(request, form, has_old, status=refusal.status if refusal.status >= 429 else 422, asks_codes=enters)


def _sent(request: HttpRequest, who: Profile, form: PhoneForm, has_old: bool) -> HttpResponse:
    said = form.cleaned_data
    sent = codes.sent(lambda: phones.send_codes(who=who, old=said.get("old", ""), new=said["new"], ip=client_ip(request)))
    again = PhoneForm(has_old=has_old, asks_codes=True, initial=said)
    return _phone_page(request, again, has_old, status=sent.status, asks_codes=True, sent=sent)


def _changed(request: HttpRequest, who: Profile, form: PhoneForm) -> HttpResponse:
    said, here = form.cleaned_data, request.session.get(devices.MARK, "")
    if "old" in said:
        phones.change(who=who, here=here, at=clock.now(), **said)
        messages.success(request, _("手机号已更换，以后用新号码登录。其他设备已退出。"))
    else:
        phones.ask(who=who, new=said["new"], new_code=said["new_code"], at=clock.now())
        messages.success(request, _("申请已提交。安全管理员核对是您本人后就会更换，结果会通知您。"))
    if who.credential is not None:
        _log(request, who.credential, "people.phone_changed" if "old" in said else "people.phone_asked")
    return redirect("me")


def _phone_page(
    request: HttpRequest,
    form: PhoneForm,
    has_old: bool,
    *,
    status: int = 200,
    asks_codes: bool = False,
    sent: codes.Sent | None = None,
) -> HttpResponse:
    who = access.profile(request)
    values = {
        "form": form,
        "has_old": has_old,
        "asks_codes": asks_codes,
        "sent": sent,
        "may_ask": who.learner is not None and who.manager is None,
        "phone": who.learner.masked_mobile if who.learner else "",
    }
    return render(request, "people/joining/phone.html", values | _frame(who), status=status)


def _frame(who: Profile) -> dict[str, Any]:
    """Return which frame the page stands in: the learner's where one learns, else the console's."""
    return {"frame": "ui/learner.html" if who.learner else "ui/console.html", "home": "learn-home" if who.learner else "console"}


def _credential(request: HttpRequest) -> Credential | None:
    return access.profile(request).credential


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise DomainError("not_found", _("没有找到这台设备，请刷新页面。"), status=404) from error


def _log(request: HttpRequest, credential: Credential, action: str) -> None:
    who = f"credential:{credential.pk}"
    audit.record(action, actor=who, target=who, at=clock.now(), ip=client_ip(request))
