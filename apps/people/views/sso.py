"""Coming in by WeCom, DingTalk or Feishu: off to the other system, back again, and binding by a code where nobody is known."""

import json
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.people import access, sealing, signing_in
from apps.people.errors import checked_mobile
from apps.people.forms import SignInForm
from apps.people.joining import ldap, sso
from apps.people.joining.models import Outside, SsoSetup
from apps.people.permissions import Permission
from apps.people.ports import OutsidePerson
from apps.people.views import codes
from apps.people.views.sign_in import begin, own_path
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from tenants.addresses import client_ip
from tenants.api import Credential


class DirectoryForm(forms.Form):
    """The account and password of the enterprise's own directory."""

    login = forms.CharField(
        label=gettext_lazy("公司账号"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": gettext_lazy("请填写公司账号。")},
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("公司账号的密码"), max_length=128, strip=False, widget=forms.PasswordInput,
        error_messages={"required": gettext_lazy("请填写密码。")},
    )  # fmt: skip


_TRIP, _GUEST = "sso_trip", "sso_guest"


@never_cache
@require_GET
@access.declares(Permission.PUBLIC)
def start(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Go to the other system; ``?bind=1`` of somebody signed in binds the account instead of signing in."""
    who = access.profile(request).credential
    bind = str(who.uuid) if who is not None and request.GET.get("bind") else ""
    trip = sso.begin(kind=_kind(kind), next_url=own_path(request.GET.get("next", "/")), bind=bind, at=clock.now())
    request.session[_TRIP] = asdict(trip)
    agent = request.headers.get("User-Agent", "")
    return HttpResponseRedirect(sso.address(trip, redirect_uri=_back(request, trip.kind), agent=agent))


@never_cache
@require_GET
@access.declares(Permission.PUBLIC)
def callback(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Come back with a code (DingTalk calls it ``authCode``)."""
    kept = request.session.pop(_TRIP, None)
    trip = sso.Trip(**kept) if isinstance(kept, dict) else None
    code = request.GET.get("code") or request.GET.get("authCode") or ""
    try:
        person = sso.who_came(
            trip=trip, kind=_kind(kind), state=request.GET.get("state", ""), code=code,
            redirect_uri=_back(request, _kind(kind)), ip=client_ip(request), at=clock.now(),
        )  # fmt: skip
        if trip is None:
            raise AssertionError("a trip that came back was begun")
        if trip.bind:
            return _bound(request, trip, person)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("me" if access.profile(request).kind else "sign-in")
    return _in(request, trip.kind, trip.next, person)


@sensitive_post_parameters("login", "password")
@never_cache
@require_http_methods(["GET", "POST"])
@access.declares(Permission.PUBLIC)
def directory(request: HttpRequest) -> HttpResponseBase:
    """Sign in by the enterprise's own directory."""
    if not ldap.is_open():
        raise DomainError("not_found", _("本单位没有开通公司账号登录，请用手机号登录。"), status=404)
    form = DirectoryForm(request.POST if request.method == "POST" else None)
    next_url = own_path(request.POST.get("next") or request.GET.get("next") or "/")
    if form.is_valid():
        said = form.cleaned_data
        try:
            person = ldap.who(login=said["login"], password=said["password"], ip=client_ip(request))
            return _in(request, "LDAP", next_url, person)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status if refusal.status >= 429 else 422
            return render(request, "people/joining/directory.html", {"form": form, "next": next_url}, status=status)
    return render(request, "people/joining/directory.html", {"form": form, "next": next_url}, status=422 if form.errors else 200)


@sensitive_post_parameters("mobile", "code")
@never_cache
@require_http_methods(["GET", "POST"])
@access.declares(Permission.PUBLIC)
def bind(request: HttpRequest) -> HttpResponseBase:
    """Show the phone: who holds it is who the books say, and the account is bound to them."""
    guest = _guest(request)
    if guest is None:
        messages.error(request, _("这一步已过期，请重新登录。"))
        return redirect("sign-in")
    if request.method == "GET":
        return _bind_page(request, guest, SignInForm(way="code", needs_proof=False))
    sends = request.POST.get("do") != "enter"
    form = SignInForm(request.POST, way="code", needs_proof=not sends)
    if not form.is_valid():
        return _bind_page(request, guest, form, status=422)
    try:
        return _code_sent(request, guest, form) if sends else _code_shown(request, guest, form)
    except DomainError as refusal:
        field = refusal.details.get("field")
        form.add_error(field if field in form.fields else None, str(refusal.message))
        return _bind_page(request, guest, form, status=refusal.status if refusal.status >= 429 else 422)


def _guest(request: HttpRequest) -> dict[str, Any] | None:
    """Return who has come back from another system and is not known yet; sealed in the session, for ten minutes."""
    kept = request.session.get(_GUEST)
    found: dict[str, Any] = json.loads(sealing.unseal(bytes.fromhex(kept), _GUEST)) if kept else {}
    return found if found and clock.now().timestamp() - float(found["at"]) <= sso.LIFE_S else None


def _in(request: HttpRequest, kind: str, next_url: str, person: OutsidePerson) -> HttpResponse:
    """Sign in whom the account belongs to; a stranger is asked for the phone."""
    credential = sso.known(kind=kind, person=person, at=clock.now())
    if credential is None:
        guest = {"kind": kind, "subject": person.subject, "name": person.name, "next": next_url, "at": clock.now().timestamp()}
        request.session[_GUEST] = sealing.seal(json.dumps(guest), _GUEST).hex()
        return redirect("sso-bind")
    begin(request, credential, way=f"sso-{kind.lower()}")
    return redirect(next_url)


def _bound(request: HttpRequest, trip: sso.Trip, person: OutsidePerson) -> HttpResponse:
    credential = Credential.objects.filter(uuid=trip.bind, is_active=True).first()
    if credential is None or credential != access.profile(request).credential:
        raise DomainError("sso_forged", _("登录的人换了，没有绑定。请重新登录后再绑定。"), status=403)
    sso.bind(kind=trip.kind, person=person, credential=credential, at=clock.now())
    messages.success(request, _("已绑定，以后可以用它登录。"))
    return redirect("me")


def _code_sent(request: HttpRequest, guest: dict[str, Any], form: SignInForm) -> HttpResponse:
    mobile = checked_mobile(form.cleaned_data["mobile"])
    sent = codes.sent(lambda: signing_in.send_code(mobile=mobile, ip=client_ip(request)))
    again = SignInForm(way="code", initial={"mobile": mobile})
    return _bind_page(request, guest, again, status=sent.status, sent_to=identity.mask_mobile(mobile), sent=sent)


def _code_shown(request: HttpRequest, guest: dict[str, Any], form: SignInForm) -> HttpResponse:
    said = form.cleaned_data
    credential = signing_in.by_code(mobile=said["mobile"], code=said["code"], ip=client_ip(request))
    person = OutsidePerson(guest["subject"], guest["name"], "")
    sso.bind(kind=guest["kind"], person=person, credential=credential, at=clock.now())
    begin(request, credential, way=f"sso-{guest['kind'].lower()}")
    messages.success(request, _("已绑定，以后可以直接用它登录。"))
    return redirect(own_path(guest["next"]))


def _bind_page(
    request: HttpRequest,
    guest: dict[str, Any],
    form: SignInForm,
    *,
    status: int = 200,
    sent_to: str = "",
    sent: codes.Sent | None = None,
) -> HttpResponse:
    values = {
        "form": form,
        "system": Outside(guest["kind"]).label,
        "asks_code": bool(sent_to) or "code" in form.fields,
        "sent_to": sent_to,
        "sent": sent,
    }
    return render(request, "people/joining/bind.html", values, status=status)


def _kind(kind: str) -> str:
    wanted = kind.upper()
    if wanted not in SsoSetup.Kind.values:
        raise DomainError("not_found", _("没有这种登录方式，请用手机号登录。"), status=404)
    return wanted


def _back(request: HttpRequest, kind: str) -> str:
    return request.build_absolute_uri(reverse("sso-callback", args=[kind.lower()]))
