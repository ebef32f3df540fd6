"""A company signs up alone."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock, identity
from infra.kit.errors import DomainError
from public.site.forms import SignUpForm, counties_of
from tenants import codes, divisions, limits, onboarding, sites, subdomains
from tenants.addresses import client_ip, port_of

CHECKS_PER_IP = "60/minute"
# The answer to the form leads to the new enterprise's host; browsers hold form-action against redirects too.
_ENTERPRISE_HOSTS = [f"{scheme}://*.{settings.ENTERPRISE_BASE_DOMAIN}:*" for scheme in ("http", "https")]


@csp_update({"form-action": _ENTERPRISE_HOSTS})
@never_cache
@sensitive_post_parameters("password", "code", "proof")
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST open the enterprise and walk in."""
    if request.method == "GET":
        return _page(request, SignUpForm())
    at_hand = request.POST.get("proof", "")
    proven = onboarding.is_proven(mobile=request.POST.get("mobile", ""), proof=at_hand)
    form = SignUpForm(request.POST, proven=proven)
    is_fine = form.is_valid()
    proof = at_hand if proven else _new_proof(form)
    if not is_fine or not proof:
        return _page(request, form, proof=proof, status=422)
    try:
        opened = onboarding.sign_up(form=_typed(form, proof), at=clock.now(), ip=client_ip(request))
    except DomainError as error:
        return _refused(request, form, proof, error)
    return redirect(f"{request.scheme}://{opened.site.host}{port_of(request)}/enter?token={opened.entry_token}")


def _new_proof(form: SignUpForm) -> str:
    """Use the code up as soon as it fits the phone, whatever else is wrong; empty where it does not."""
    mobile, code = form.cleaned_data.get("mobile", ""), form.cleaned_data.get("code", "")
    if not mobile or not code:
        return ""
    try:
        return onboarding.prove_phone(mobile=mobile, code=code)
    except codes.WrongCode as error:
        form.add_error("code", error.message)
        return ""


def _typed(form: SignUpForm, proof: str) -> onboarding.SignUp:
    got = form.cleaned_data
    names = ("mobile", "name", "password", "company", "uscc", "industry_code", "hazard", "division_code", "subdomain")
    return onboarding.SignUp(proof=proof, **{name: got[name] for name in names})


def _refused(request: HttpRequest, form: SignUpForm, proof: str, error: DomainError) -> HttpResponse:
    field = "subdomain" if error.code.startswith("subdomain") else error.details.get("field")
    form.add_error(field, error.message)
    status = error.status if error.status >= 409 else 422
    response = _page(request, form, proof=proof, status=status, suggestions=error.details.get("suggestions", []))
    if "retry_after_s" in error.details:
        response["Retry-After"] = str(error.details["retry_after_s"])
    return response


def _page(request: HttpRequest, form: SignUpForm, *, proof: str = "", status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "proof": proof,
        "base": f".{settings.ENTERPRISE_BASE_DOMAIN}{port_of(request)}",
        "high_hazards": divisions.high_hazard_names(),
        "home_url": "/",
        **more,
    }
    return render(request, "site/sign_up.html", context, status=status)


@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Send the code; the answer is the button that counts down."""
    onboarding.send_code(mobile=request.POST.get("mobile", ""), ip=client_ip(request))
    return render(request, "site/_send_code.html", {"sent": True})


@require_GET
def check_subdomain(request: HttpRequest) -> HttpResponse:
    """Say whether the subdomain is free, with suggestions where it is not."""
    limits.spend(CHECKS_PER_IP, "sign-up-check", client_ip(request))
    value = request.GET.get("subdomain", "")[:80]
    if not value.strip():
        return HttpResponse("")
    try:
        name = subdomains.check(value)
    except subdomains.BadSubdomain as error:
        context = {"problem": error.message, "suggestions": error.details["suggestions"]}
        return render(request, "site/_subdomain.html", context)
    address = f"{request.scheme}://{sites.host_of(name)}{port_of(request)}"
    return render(request, "site/_subdomain.html", {"address": address})


@require_GET
def check_uscc(request: HttpRequest) -> HttpResponse:
    """Say whether the code's check digit is right; never whether the company is a customer."""
    value = identity.normalise_uscc(request.GET.get("uscc", "")[:40])
    if len(value) < 18:
        return HttpResponse("")
    return render(request, "site/_uscc.html", {"is_right": identity.is_uscc(value)})


@require_GET
def counties(request: HttpRequest) -> HttpResponse:
    """Return the options of the county select for a city."""
    return render(request, "site/_counties.html", {"counties": counties_of(request.GET.get("city", ""))})
