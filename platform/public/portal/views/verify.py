"""Verifies a certificate from within the portal; what it is worth says the public page, which needs no login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from public.portal import finding
from public.portal.forms import FindForm
from public.regulators.api import Authority, page_frame, regulator_page
from tenants import limits

PER_ACCOUNT = "600/hour"


@require_GET
@regulator_page
def verify(request: HttpRequest, who: Authority) -> HttpResponse:
    """Ask for number, code or what the QR code holds, and go to what it proves."""
    form, unknown = FindForm(request.GET if request.GET.get("code") else None), False
    if form.is_bound and form.is_valid():
        limits.spend(PER_ACCOUNT, "portal-verify", str(who.id))
        code = finding.code_of(form.cleaned_data["code"])
        if code is not None:
            return redirect("verify", code)
        unknown = True
    context = {"page_title": _("证书查验"), "form": form, "unknown": unknown}
    status = 404 if unknown else 422 if form.is_bound and form.errors else 200
    return render(request, "portal/verify.html", {**page_frame(who, "regulator-verify"), **context}, status=status)
