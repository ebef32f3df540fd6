"""How to complain, to the platform and to the authority, with the promised times and what became of complaints; on every site.

Clause 六.(一).5. The figures are those of all sites, also on an enterprise's: counts of its own would tell it that somebody complained.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infra.kit import clock
from public.complaints import api as complaints
from public.site.facts import facts
from tenants.api import platform_scope, require

FIGURES_OF = timedelta(days=365)


@require_GET
def supervision(request: HttpRequest) -> HttpResponse:
    """Show phones, mail, rules, times and figures."""
    at, shell = clock.now(), "site/_text.html" if require().is_platform else "site/_plain_text.html"
    with platform_scope():
        values = {
            "facts": facts(),
            "times": complaints.promised_times(clock.shanghai_date(at)),
            "totals": complaints.totals(since=at - FIGURES_OF),
        }
    return render(request, "site/supervision.html", {**values, "shell": shell})
