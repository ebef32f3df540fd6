"""Signing in and out, the hand-over of a new owner, and setting a password."""

import time
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, signing_in, terminals, tokens
from apps.people.errors import checked_mobile
from apps.people.forms import PasswordForm, SignInForm
from apps.people.identity.proofs import note_proof
from apps.people.joining import devices, ldap, sso
from apps.people.permissions import Permission
from apps.people.views import codes
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip
from tenants.api import Credential

_PROVED_AT = "code_proved_at"
_PROOF_LASTS_S = timedelta(minutes=10).total_seconds()


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
@access.declares(Permission.PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """One page, two ways: ``way`` is ``password`` or ``code``; ``do`` is ``enter``, ``send`` or ``switch``."""
    if request.method == "GET":
        return _go(request, _next(request)) if access.profile(request).kind else _page(request, SignInForm(way=_way(request)))
    if request.POST.get("do") == "switch":
        return _page(request, SignInForm(way=_way(request), initial={"mobile": request.POST.get("mobile", "")[:30]}))
    form = SignInForm(request.POST, way=_way(request), needs_proof=request.POST.get("do") != "send")
    if not form.is_valid():
        return _page(request, form, status=422, stays="code" in form.fields)
    act = _send if request.POST.get("do") == "send" else _enter
    try:
        return act(request, form)
    except DomainError as refusal:
        return _refused(request, form, refusal)


@never_cache
@require_GET
@access.declares(Permission.PUBLIC)
def signed_in(request: HttpRequest) -> HttpResponse:
    """Tell an open page whether its session lives, by whose it is: a uuid as plain text ("" for a visit), 401 for nobody."""
    who = access.profile(request)
    if who.kind is None:
        return HttpResponse(status=401)
    return HttpResponse(str(who.credential.uuid) if who.credential else "", content_type="text/plain")


@never_cache
@require_POST
@access.declares(Permission.PUBLIC)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; what pages and the app kept on this device goes with it (not the device's own name, a cookie)."""
    logout(request)
    response = redirect("sign-in")
    response["Clear-Site-Data"] = '"storage"'
    return response


@never_cache
@require_GET
@access.declares(Permission.PUBLIC)
def enter(request: HttpRequest) -> HttpResponse:
    """Sign the owner of a fresh enterprise in with the one-time token from the platform's host."""
    credential = tokens.redeem(request.GET.get("token", ""))
    begin(request, credential, way="token")
    return redirect("/")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@access.declares(Permission.SIGNED_IN)
def password(request: HttpRequest) -> HttpResponseBase:
    """Set a password; the old one is asked unless there is none or a code was shown within 10 minutes."""
    credential = access.profile(request).credential
    if credential is None:
        return access.to_sign_in(request)
    proved = time.time() - float(request.session.get(_PROVED_AT, 0)) < _PROOF_LASTS_S
    needs_old = credential.has_usable_password() and not proved
    form = PasswordForm(request.POST if request.method == "POST" else None, needs_old=needs_old)
    if form.is_valid() and _changed(form, credential):
        update_session_auth_hash(request, credential)
        devices.follow(request)
        devices.end_all(credential, but=request.session.get(devices.MARK, ""), at=clock.now())
        messages.success(request, _("密码已保存。"))
        return redirect(_next(request))
    status = 422 if form.errors else 200
    return render(request, "people/password.html", {"form": form, "next": _next(request), "later": proved}, status=status)


def _changed(form: PasswordForm, credential: Credential) -> bool:
    if "old" in form.fields and not credential.check_password(form.cleaned_data["old"]):
        form.add_error("old", _("现在的密码不正确。"))
        return False
    try:
        signing_in.set_password(credential, form.cleaned_data["new_password"])
    except ValidationError as error:
        form.add_error("new_password", error)
        return False
    return True


def _send(request: HttpRequest, form: SignInForm) -> HttpResponse:
    mobile = checked_mobile(form.cleaned_data["mobile"])
    sent = codes.sent(lambda: signing_in.send_code(mobile=mobile, ip=client_ip(request)))
    again = SignInForm(way="code", initial={"mobile": mobile})
    return _page(request, again, status=sent.status, sent_to=identity.mask_mobile(mobile), sent=sent)


def _enter(request: HttpRequest, form: SignInForm) -> HttpResponse:
    mobile, ip = form.cleaned_data["mobile"], client_ip(request)
    if _way(request) == "code":
        credential = signing_in.by_code(mobile=mobile, code=form.cleaned_data["code"], ip=ip)
        begin(request, credential, way="code")
        request.session[_PROVED_AT] = time.time()
        password_first = f"{reverse('set-password')}?{urlencode({'next': _next(request)})}"
        response = _go(request, _next(request) if credential.has_usable_password() else password_first)
        _note_proof(request, response, credential)
        return response
    credential = signing_in.by_password(mobile=mobile, password=form.cleaned_data["password"], ip=ip)
    begin(request, credential, way="password")
    return _go(request, _next(request))


def _note_proof(request: HttpRequest, response: HttpResponse, credential: Credential) -> None:
    """A learner who has just shown the phone need not show it again on this device before a lesson (12 h)."""
    learner = access.of_credential(credential).learner
    if learner is not None:
        terminal = terminals.remember(request, response)
        note_proof(learner_id=learner.id, terminal=terminal, method="code", at=clock.now())


def begin(request: HttpRequest, credential: Credential, *, way: str) -> None:
    """Start a fresh session: nothing of a stranger's session before it stays."""
    request.session.flush()
    login(request, credential)
    devices.begin(request, credential, at=clock.now())
    who = f"credential:{credential.pk}"
    audit.record("people.signed_in", actor=who, target=who, at=clock.now(), ip=client_ip(request), way=way)


def _refused(request: HttpRequest, form: SignInForm, refusal: DomainError) -> HttpResponse:
    """Show a refusal in the form, on its field when it names one."""
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
    response = _page(request, form, status=422 if refusal.status < 429 else refusal.status, stays="code" in form.fields)
    if "retry_after_s" in refusal.details:
        response["Retry-After"] = str(refusal.details["retry_after_s"])
    return response


def _page(
    request: HttpRequest,
    form: SignInForm,
    *,
    status: int = 200,
    sent_to: str = "",
    sent: codes.Sent | None = None,
    stays: bool = False,
) -> HttpResponse:
    values = {
        "form": form,
        "way": _way(request),
        "sent_to": sent_to,
        "asks_code": bool(sent_to) or stays,
        "sent": sent,
        "action": request.get_full_path(),
        "systems": sso.open_kinds(),
        "by_directory": ldap.is_open(),
        "next": _next(request),
    }
    response = render(request, "people/sign_in.html", values, status=status)
    if request.headers.get("HX-Request") and status >= 400:
        response["HX-Retarget"] = "#sign-in"
    return response


def _way(request: HttpRequest) -> str:
    way = request.POST.get("way") or request.GET.get("way")
    if request.POST.get("do") == "switch":
        return "password" if way == "code" else "code"
    return "code" if way == "code" else "password"


def _next(request: HttpRequest) -> str:
    """Return the own path to go on to; anything that leads elsewhere becomes ``/``."""
    return own_path(request.POST.get("next") or request.GET.get("next") or "/")


def own_path(wanted: str) -> str:
    """Return an own path; anything that leads elsewhere becomes ``/``."""
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own else "/"


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
