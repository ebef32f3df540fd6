"""How to complain, to the platform and to the authority, with the promised times and what became of complaints; on every site.

Clause 六.(一).5. On an enterprise's site the figures are those of complaints that concern it, and nothing else of them.
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
FEWEST = 5
"""Below so many complaints of one enterprise only their number is shown: shares of few would tell about persons."""


@require_GET
def supervision(request: HttpRequest) -> HttpResponse:
    """Show phones, mail, rules, times and figures."""
    here, at = require(), clock.now()
    with platform_scope():
        schemas = None if here.is_platform else [here.schema]
        totals = complaints.totals(since=at - FIGURES_OF, schemas=schemas)
        values = {"facts": facts(), "times": complaints.promised_times(clock.shanghai_date(at)), "totals": totals}
    more = {
        "shell": "site/_text.html" if here.is_platform else "site/_plain_text.html",
        "shows_shares": here.is_platform or totals.filed >= FEWEST,
    }
    return render(request, "site/supervision.html", {**values, **more})
