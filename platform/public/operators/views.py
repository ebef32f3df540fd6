"""Pages of the desk that belong to every role: signing in, home."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators import activation, desk, passkeys, second_factor
from public.operators.forms import CodeForm, SignInForm
from public.operators.services import check_password
from tenants.accounts.models import Credential
from tenants.addresses import client_ip

_PENDING, _PENDING_LIFE_S = "desk_pending", 600


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step: login and password. Whoever passes is not signed in yet."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = check_password(request, ip=client_ip(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
            return render(request, "desk/sign_in.html", {"form": form}, status=error.status)
        request.session.flush()
        request.session[_PENDING] = {
            "id": found.pk,
            "at": int(clock.now().timestamp()),
            "next": _safe_next(request),
            "hash": found.get_session_auth_hash(),
        }
        return redirect("desk-code")
    return render(request, "desk/sign_in.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Second step: the one-time code, or a passkey where there is one; at first sign-in also the QR to scan."""
    person = pending(request)
    if person is None:
        return redirect("desk-sign-in")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(credential_id=person.pk, code=form.cleaned_data["code"], at=clock.now())
            return redirect(enter(request, person, by="totp"))
        except DomainError as error:
            note_refusal(person, by="totp", code=error.code, ip=client_ip(request))
            form.add_error("code" if error.details.get("field") else None, error.message)
            status = error.status if error.status == 429 else 422
    has_passkey = passkeys.has_any(credential_id=person.pk)
    enrolment = None
    if not has_passkey and not second_factor.is_enrolled(credential_id=person.pk):
        enrolment = second_factor.enrolment(credential_id=person.pk, name=person.name)
    context = {"form": form, "enrolment": enrolment, "has_passkey": has_passkey}
    return render(request, "desk/code.html", context, status=status)


def pending(request: HttpRequest) -> Credential | None:
    """Return who has given the right password in this session within ten minutes and has to take the second step, or None.

    A password that was changed or taken away since opens nothing: a reset takes the second factor along, and whoever stood here with the old
    password would set up one of their own.
    """
    waiting = request.session.get(_PENDING)
    if not waiting or clock.now().timestamp() - waiting["at"] > _PENDING_LIFE_S:
        return None
    person = Credential.objects.filter(pk=waiting["id"], is_active=True).first()
    is_same = person is not None and constant_time_compare(person.get_session_auth_hash(), waiting.get("hash", ""))
    return person if is_same else None


def enter(request: HttpRequest, person: Credential, *, by: str) -> str:
    """Let in who has passed both steps; return the path that leads on."""
    target = request.session.pop(_PENDING)["next"]
    login(request, person)
    request.session[desk.SECOND_FACTOR] = person.pk
    request.session[desk.SEEN] = int(clock.now().timestamp())
    request.session[desk.OVERDUE] = activation.is_old(person, at=clock.now())
    who = f"credential:{person.pk}"
    audit.record("desk.signed_in", actor=who, target=who, at=clock.now(), ip=client_ip(request), by=by)
    return str(target or reverse("desk"))


def note_refusal(person: Credential, *, by: str, code: str, ip: str) -> None:
    """Write down that the second step failed."""
    who, refused = f"credential:{person.pk}", audit.Result.REFUSED
    audit.record("desk.second_step_refused", actor=who, target=who, at=clock.now(), ip=ip, result=refused, by=by, why=code)


def _safe_next(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    person = desk.signed_in(request)
    if person is not None:
        who = f"credential:{person.pk}"
        audit.record("desk.signed_out", actor=who, target=who, at=clock.now(), ip=client_ip(request))
    logout(request)
    return redirect("desk-sign-in")


def home(request: HttpRequest) -> HttpResponseBase:
    """Work that waits for this role first. A regulator who lands here is sent to their own page."""
    credential = desk.signed_in(request)
    if credential is not None and desk.operator_of(credential) is None:
        return redirect("regulator-statistics")
    return _home(request)


@desk.desk_page(*desk.Role.values)
def _home(request: HttpRequest, me: desk.Me) -> HttpResponse:
    found = desk.queues(me)
    context = {
        "page_title": _("工作台"),
        "waiting": sorted((one for one in found if one.is_work and one.count), key=lambda one: not one.is_late),
        "figures": [one for one in found if not one.is_work and one.count],
        "quiet": [one for one in found if not one.count],
    }
    return render(request, "desk/home.html", {**desk.frame(request, me, "desk"), **context})
