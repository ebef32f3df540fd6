"""The page of one's own ways in, and the two ceremonies of passkeys. Answers of the ceremonies are JSON for `passkeys.js`."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import unquote

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import activation, passkeys, second_factor, views
from public.operators.admin_forms import PasswordForm
from public.operators.desk import OVERDUE, Me, Role, desk_page, frame
from public.operators.forms import MailCodeForm, MailForm
from public.operators.notices import addresses
from tenants.accounts.models import Credential
from tenants.addresses import client_ip
from tenants.ports import MAIL

_CHALLENGE, _MOST_BYTES = "passkey_challenge", 20_000
EVERYBODY = tuple(Role.values)


def _as_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer refusals as JSON: a script asked."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object) -> HttpResponseBase:
        try:
            return view(request, *args)
        except DomainError as error:
            return JsonResponse(error.as_dict(), status=error.status)

    return answered


def _keep(request: HttpRequest, ceremony: passkeys.Ceremony, what: str) -> HttpResponse:
    until = int(clock.now().timestamp()) + passkeys.LIFE_S
    request.session[_CHALLENGE] = {"what": what, "value": ceremony.challenge.hex(), "until": until}
    return HttpResponse(ceremony.options, content_type="application/json")


def _kept(request: HttpRequest, what: str) -> bytes:
    """Return the challenge once.

    :raises DomainError: 409 ``ceremony_ended``
    """
    kept = request.session.pop(_CHALLENGE, None)
    if not kept or kept["what"] != what or kept["until"] < clock.now().timestamp():
        raise DomainError("ceremony_ended", _("等待时间过长，请重新开始。"), status=409)
    return bytes.fromhex(kept["value"])


def _answer(request: HttpRequest) -> str:
    if len(request.body) > _MOST_BYTES:
        raise DomainError("too_large", _("请求内容不完整或格式不对。"), status=413)
    return request.body.decode(errors="replace")


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _person(me: Me) -> Credential:
    return Credential.objects.get(pk=me.credential_id)


@never_cache
@require_GET
@desk_page(*EVERYBODY, with_old_password=True)
def mine(request: HttpRequest, me: Me) -> HttpResponse:
    """Show the own ways in."""
    return own_page(request, me)


def own_page(
    request: HttpRequest, me: Me, form: PasswordForm | None = None, *, mail_form: MailForm | None = None,
    mail_code_form: MailCodeForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Return the page of one's own ways in, with the form that was refused in its place."""
    address = addresses.address_of(me.credential_id)
    context = {
        "form": form or PasswordForm(),
        "mail": addresses.masked(address),
        "mail_ready": MAIL.get().is_ready,
        "mail_waits": "" if address else addresses.waits_for_code(me),
        "mail_form": mail_form or MailForm(),
        "mail_code_form": mail_code_form or MailCodeForm(),
        "page_title": _("登录安全"),
        "is_old": bool(request.session.get(OVERDUE)),
        "passkeys": passkeys.owned(me.credential_id),
        "most": passkeys.MOST,
        "has_totp": second_factor.is_enrolled(credential_id=me.credential_id),
    }
    return render(request, "desk/security.html", {**frame(request, me, "desk-security"), **context}, status=status)


@never_cache
@sensitive_post_parameters("old", "password", "again")
@require_POST
@desk_page(*EVERYBODY, with_old_password=True)
def password(request: HttpRequest, me: Me) -> HttpResponse:
    """Set another password; this session stays, others end."""
    form, person = PasswordForm(request.POST), _person(me)
    if not form.is_valid():
        return own_page(request, me, form, status=422)
    data = form.cleaned_data
    try:
        activation.change_password(person=person, old=data["old"], new=data["password"], at=clock.now(), ip=client_ip(request))
    except DomainError as error:
        form.add_error(error.details.get("field"), str(error.message))
        return own_page(request, me, form, status=error.status)
    update_session_auth_hash(request, person)
    request.session.pop(OVERDUE, None)
    messages.success(request, _("密码已更换，其他设备上的登录已退出。"))
    return redirect("desk-security")


@require_POST
@_as_json
@desk_page(*EVERYBODY, with_old_password=True)
def begin_adding(request: HttpRequest, me: Me) -> HttpResponse:
    """Begin to add a passkey."""
    return _keep(request, passkeys.begin_adding(_person(me)), f"add/{me.credential_id}")


@require_POST
@_as_json
@desk_page(*EVERYBODY, with_old_password=True)
def add(request: HttpRequest, me: Me) -> HttpResponse:
    """Keep what the browser made; the key's name comes percent-encoded in a header: people call it after people, and addresses end up in logs."""
    challenge = _kept(request, f"add/{me.credential_id}")
    passkeys.add(
        person=_person(me),
        answer=_answer(request),
        challenge=challenge,
        origin=_origin(request),
        name=unquote(request.headers.get("X-Passkey-Name", "")).replace("\0", ""),
        at=clock.now(),
        ip=client_ip(request),
    )
    messages.success(request, _("通行密钥已绑定，下次登录可以直接使用。"))
    return JsonResponse({"next": reverse("desk-security")})


@require_POST
@desk_page(*EVERYBODY, with_old_password=True)
def remove(request: HttpRequest, me: Me, passkey_id: int) -> HttpResponse:
    """Forget one of the own passkeys."""
    passkeys.remove(person=_person(me), passkey_id=passkey_id, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("通行密钥已移除。"))
    return redirect("desk-security")


def _pending(request: HttpRequest) -> Credential:
    person = views.pending(request)
    if person is None:
        raise DomainError("sign_in", _("请先输入登录名和密码。"), status=401)
    return person


@require_POST
@_as_json
def begin_entering(request: HttpRequest) -> HttpResponse:
    """Begin the second step by passkey."""
    person = _pending(request)
    return _keep(request, passkeys.begin_entering(person.pk), f"enter/{person.pk}")


@require_POST
@_as_json
def enter(request: HttpRequest) -> HttpResponse:
    """End the second step by passkey."""
    person = _pending(request)
    try:
        challenge = _kept(request, f"enter/{person.pk}")
        passkeys.check(
            credential_id=person.pk, answer=_answer(request), challenge=challenge, origin=_origin(request), at=clock.now()
        )
    except DomainError as error:
        views.note_refusal(person, by="passkey", code=error.code, ip=client_ip(request))
        raise
    return JsonResponse({"next": views.enter(request, person, by="passkey")})
