"""The manager's queue of checks that a person has to decide. Snapshots are shown here and nowhere else; each look is logged."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.people import access
from apps.people.identity import reviewing, words
from apps.people.permissions import Permission
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.addresses import client_ip

PAGE = 20


@require_GET
@access.manager_page(Permission.FACES_REVIEW)
def queue(request: HttpRequest) -> HttpResponse:
    """List the checks that wait, or those that were decided."""
    decided = request.GET.get("state") == "decided"
    page = Paginator(reviewing.queue(decided=decided), PAGE).get_page(request.GET.get("page"))
    rows = [(row, [words.REASONS[flag] for flag in row.flags if flag in words.REASONS]) for row in page]
    return render(request, "people/identity/queue.html", {"page": page, "rows": rows, "decided": decided})


@require_GET
@never_cache
@access.manager_page(Permission.FACES_REVIEW)
def case(request: HttpRequest, check: UUID) -> HttpResponse:
    """Show one check with its snapshots."""
    return _page(request, check)


@require_GET
@access.manager_page(Permission.FACES_REVIEW)
def picture(request: HttpRequest, check: UUID, number: int) -> HttpResponse:
    """Return one snapshot of a check that waits for a decision."""
    found = reviewing.picture(check, number, manager_id=access.manager_of(request).id, ip=client_ip(request), at=clock.now())
    response = HttpResponse(found, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "inline"
    return response


@require_POST
@access.manager_page(Permission.FACES_REVIEW)
def decide(request: HttpRequest, check: UUID) -> HttpResponse:
    """Decide one check."""
    answer = request.POST.get("answer", "")
    if answer not in {"same", "other"}:
        return redirect("console-identity-case", check)
    try:
        reviewing.decide(
            check=check,
            is_same=answer == "same",
            note=request.POST.get("note", ""),
            manager_id=access.manager_of(request).id,
            ip=client_ip(request),
            at=clock.now(),
        )
    except DomainError as refusal:
        if refusal.code != "note_missing":
            raise
        return _page(request, check, error=str(refusal.message), status=422)
    messages.success(request, _("已记录您的复核结论。"))
    return redirect("console-identity")


def _page(request: HttpRequest, check: UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    found = reviewing.case(check, manager_id=access.manager_of(request).id, ip=client_ip(request), at=clock.now())
    values = {
        "row": found.row,
        "numbers": range(found.pictures),
        "reasons": [words.REASONS[flag] for flag in found.row.flags if flag in words.REASONS],
        "error": error,
        "note": request.POST.get("note", ""),
    }
    return render(request, "people/identity/case.html", values, status=status)
