"""The page for operations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from public.csp import queries
from public.operators import api as operators


@require_GET
@operators.desk_page(operators.Role.OPERATIONS)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List what browsers refused; every filter lives in the address."""
    get = request.GET
    context = {
        "page_title": _("页面防护"),
        "page": queries.page(
            search=get.get("q", ""), directive=get.get("directive", ""), sort=get.get("sort", ""), number=get.get("page", "1")
        ),
        "directives": queries.directives(),
        "chosen": get,
    }
    return render(request, "csp/reports.html", {**operators.frame(request, me, "desk-csp"), **context})
