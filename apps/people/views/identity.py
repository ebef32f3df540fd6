"""The learner's pages of identity: choose, enrol, prove, withdraw. Phone first, friendly, and the two ways always side by side."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, terminals
from apps.people.forms import CodeForm
from apps.people.identity import consent, phone, proofs
from apps.people.identity.models import FaceCheck, Identity
from apps.people.identity.noticing import face_notice
from apps.people.shapes import LearnerView
from apps.people.views import codes
from infra.kit import clock
from infra.kit.errors import DomainError

_SHOWN = 10


@require_GET
@never_cache
@ensure_csrf_cookie
@access.learner_page
@access.open_when_restricted
def identity(request: HttpRequest) -> HttpResponseBase:
    """Show what is missing before a lesson may open; nothing missing leads on to the lesson."""
    view = proofs.identity_of(_learner(request).id, at=clock.now(), terminal=terminals.terminal_of(request))
    if view.needs is None:
        return HttpResponseRedirect(_next(request))
    if view.needs == "consent" or request.GET.get("change"):
        return _named(
            request,
            render(
                request,
                "people/identity/consent.html",
                {"notice": face_notice(clock.now()), "next": _next(request), "view": view},
            ),
        )
    if view.method == "code":
        return redirect(_with_next("learn-identity-code", request))
    return redirect(_with_next("learn-identity-face", request))


@require_POST
@access.learner_page
@access.open_when_restricted
def choose(request: HttpRequest) -> HttpResponse:
    """Record the choice and go on to what it asks for."""
    method = request.POST.get("method", "")
    if method not in {"face", "code"}:
        messages.error(request, _("请选择一种方式。"))
        return redirect(_with_next("learn-identity", request))
    consent.choose_method(learner_id=_learner(request).id, method=method, at=clock.now())
    return _named(request, redirect(_with_next("learn-identity", request)))


@require_GET
@never_cache
@ensure_csrf_cookie
@access.learner_page
@access.open_when_restricted
def face(request: HttpRequest) -> HttpResponseBase:
    """Show the camera: to enrol, or to prove who is there."""
    learner, now = _learner(request), clock.now()
    view = proofs.identity_of(learner.id, at=now)
    if view.method != "face":
        return redirect(_with_next("learn-identity", request))
    terminal = terminals.terminal_of(request)
    if not view.is_enrolled and not proofs.has_shown_phone(learner_id=learner.id, terminal=terminal, at=now):
        return redirect(_with_next("learn-identity-code", request))
    values = {"purpose": "open" if view.is_enrolled else "enrol", "next": _next(request), "view": view}
    return _named(request, render(request, "people/identity/face.html", values))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
@access.learner_page
@access.open_when_restricted
def code(request: HttpRequest) -> HttpResponseBase:
    """Send a code to the phone on record and take it; ``do`` is ``send`` or ``enter``."""
    learner, now = _learner(request), clock.now()
    if proofs.identity_of(learner.id, at=now).needs == "consent":
        return redirect(_with_next("learn-identity", request))
    if request.method == "GET":
        return _named(request, _code_page(request, CodeForm()))
    form = CodeForm(request.POST, needs_code=request.POST.get("do") != "send")
    if not form.is_valid():
        return _code_page(request, form, asked=True, status=422)
    try:
        if request.POST.get("do") == "send":
            sent = codes.sent(lambda: phone.send_code(learner_id=learner.id))
            return _code_page(request, CodeForm(), sent=sent, status=sent.status)
        terminal = terminals.require_terminal(request)
        phone.enter_code(learner_id=learner.id, terminal=terminal, code=form.cleaned_data["code"], at=now)
    except DomainError as refusal:
        form.add_error("code" if "code" in form.fields else None, str(refusal.message))
        asked = "code" in form.fields
        return _code_page(request, form, asked=asked, status=refusal.status if refusal.status >= 429 else 422)
    return _go(request, _with_next("learn-identity", request))


@require_GET
@never_cache
@access.learner_page
@access.open_when_restricted
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the learner's own identity: the way, since when, what is kept, the last checks, and how to take it back."""
    learner = _learner(request)
    values = {
        "view": proofs.identity_of(learner.id, at=clock.now()),
        "row": Identity.objects.filter(learner_id=learner.id).first(),
        "notice": face_notice(clock.now()),
        "checks": FaceCheck.objects.filter(learner_id=learner.id).order_by("-at")[:_SHOWN],
        "mobile": phone.masked(learner.id),
    }
    return render(request, "people/identity/privacy.html", values)


@require_POST
@access.learner_page
@access.open_when_restricted
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the consent to the face back; the code takes its place."""
    consent.withdraw(learner_id=_learner(request).id, at=clock.now())
    messages.success(request, _("已撤回同意，照片和人脸特征已销毁。以后用短信验证码确认身份。"))
    return redirect("learn-privacy")


def _code_page(
    request: HttpRequest, form: CodeForm, *, sent: codes.Sent | None = None, asked: bool = False, status: int = 200
) -> HttpResponse:
    learner = _learner(request)
    view = proofs.identity_of(learner.id, at=clock.now())
    values = {
        "form": form,
        "sent": sent,
        "asked": asked,
        "mobile": phone.masked(learner.id),
        "next": _next(request),
        "action": request.get_full_path(),
        "view": view,
        "to_enrol": view.needs == "enrol",
    }
    response = render(request, "people/identity/code.html", values, status=status)
    if request.headers.get("HX-Request") and status >= 400:
        response["HX-Retarget"] = "#identity-code"
    return response


def _named(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Make sure that the device has its name before anything is proved on it."""
    terminals.remember(request, response)
    return response


def _with_next(name: str, request: HttpRequest) -> str:
    return f"{reverse(name)}?{urlencode({'next': _next(request)})}"


def _next(request: HttpRequest) -> str:
    """Return the own path to go on to; anything that leads elsewhere becomes the learner's home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own and not wanted.startswith(reverse("learn-identity")) else "/learn"


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _learner(request: HttpRequest) -> LearnerView:
    who = access.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who
