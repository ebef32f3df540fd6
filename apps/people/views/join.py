"""Pages of who registers by a link, before anybody knows them: a form, a code, and what became of it."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.people import access
from apps.people.joining import links, registering
from apps.people.joining.models import Invite
from apps.people.permissions import Permission
from apps.people.views import codes
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from tenants.addresses import client_ip


class JoinForm(forms.Form):
    """Who somebody is, and the code once it has been sent."""

    name = forms.CharField(
        label=_("姓名"), max_length=60, help_text=_("与身份证一致"), error_messages={"required": _("请填写姓名。")}
    )
    id_number = forms.CharField(
        label=_("身份证号"), max_length=30, help_text=_("18 位，末位可能是 X"), error_messages={"required": _("请填写身份证号。")}
    )
    mobile = forms.CharField(
        label=_("手机号"), max_length=30, help_text=_("本人的，以后用它登录"), error_messages={"required": _("请填写手机号。")}
    )
    agrees = forms.BooleanField(
        label=_("我同意本单位为安全培训使用以上信息"), error_messages={"required": _("要同意后才能登记。")}
    )
    code = forms.CharField(label=_("验证码"), max_length=10, error_messages={"required": _("请填写短信中的 6 位验证码。")})

    def __init__(self, *args: object, asks_code: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not asks_code:
            del self.fields["code"]


@sensitive_post_parameters("name", "id_number", "mobile", "code")
@never_cache
@require_http_methods(["GET", "POST"])
@access.declares(Permission.PUBLIC)
def register(request: HttpRequest, token: str) -> HttpResponseBase:
    """Register: ``do`` is ``send`` (the code) or ``enter`` (the code that came)."""
    invite = links.opened(token, at=clock.now())
    if request.method == "GET":
        return _page(request, invite, JoinForm(asks_code=False))
    enters = request.POST.get("do") == "enter"
    form = JoinForm(request.POST, asks_code=enters)
    if not form.is_valid():
        return _page(request, invite, form, status=422, asks_code=enters)
    try:
        return _send(request, invite, token, form) if not enters else _enter(request, token, form)
    except DomainError as refusal:
        field = refusal.details.get("field")
        form.add_error(field if field in form.fields else None, str(refusal.message))
        answer = _page(request, invite, form, status=refusal.status if refusal.status >= 429 else 422, asks_code=enters,
                       refused=refusal.code)  # fmt: skip
        if "retry_after_s" in refusal.details:
            answer["Retry-After"] = str(refusal.details["retry_after_s"])
        return answer


@never_cache
@require_GET
@access.declares(Permission.PUBLIC)
def result(request: HttpRequest, application: UUID) -> HttpResponse:
    """Tell what became of a registration. The address cannot be guessed and tells no number."""
    row = registering.application(application)
    return render(request, "people/joining/result.html", {"row": row, "name": identity.mask_name(row.name)})


def _send(request: HttpRequest, invite: Invite, token: str, form: JoinForm) -> HttpResponse:
    said = _said(form)
    sent = codes.sent(lambda: registering.send_code(token=token, form=said, ip=client_ip(request), at=clock.now()))
    again = JoinForm(asks_code=True, initial={**form.cleaned_data, "mobile": said.mobile, "id_number": said.id_number})
    return _page(request, invite, again, status=sent.status, asks_code=True, sent_to=identity.mask_mobile(said.mobile), sent=sent)


def _enter(request: HttpRequest, token: str, form: JoinForm) -> HttpResponse:
    row = registering.register(
        token=token, form=_said(form), code=form.cleaned_data["code"], ip=client_ip(request), at=clock.now()
    )
    return redirect("join-result", row.uuid)


def _said(form: JoinForm) -> registering.Form:
    values = form.cleaned_data
    return registering.checked(name=values["name"], id_number=values["id_number"], mobile=values["mobile"], at=clock.now())


def _page(
    request: HttpRequest,
    invite: Invite,
    form: JoinForm,
    *,
    status: int = 200,
    asks_code: bool = False,
    sent_to: str = "",
    sent: codes.Sent | None = None,
    refused: str = "",
) -> HttpResponse:
    values = {
        "invite": invite,
        "form": form,
        "asks_code": asks_code,
        "sent_to": sent_to,
        "sent": sent,
        "refused": refused,
    }
    return render(request, "people/joining/register.html", values, status=status)
