"""What operators of the platform have read of this enterprise's records, by leave for a complaint: so that it is not done unseen."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.people import access
from apps.people.permissions import Permission
from public.audit import api as audit

PER_PAGE = 50
ACTIONS: dict[str, Any] = {
    "complaints.access_granted": _("批准调阅一名学员的档案"),
    "complaints.record_read": _("调阅一名学员的档案"),
}


@require_GET
@access.manager_page(Permission.PEOPLE_HISTORY)
def listing(request: HttpRequest) -> HttpResponse:
    """List leaves and readings, the newest first, at most 200; which complaint it was is not said."""
    rows = audit.newest(tuple(ACTIONS))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(row.at, ACTIONS[row.action], row.actor.removeprefix("operator:")) for row in page]
    return render(request, "people/platform_access.html", {"page": page, "lines": lines})
