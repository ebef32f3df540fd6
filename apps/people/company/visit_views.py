"""Pages of visits: the owner answers and ends them, everybody who runs the enterprise sees them; the visitor comes in and goes."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.people import access
from apps.people.company import visiting
from apps.people.company.views import by, site_id
from apps.people.permissions import Permission
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.lifecycle import api as lifecycle
from tenants.api import current_site, platform_scope
from tenants.middleware import platform_url

PAGE, SEEN = 20, 200


@require_GET
@access.manager_page(Permission.COMPANY_SEE)
def visits(request: HttpRequest) -> HttpResponse:
    """List who of the platform asked to look around, and what was looked at."""
    site = current_site()
    with platform_scope():
        page = Paginator(lifecycle.visits(site.id), PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
    values = {"page": page, "rows": rows, "page_title": _("平台查看记录")}
    return render(request, "people/company/visits.html", values)


@require_GET
@access.manager_page(Permission.COMPANY_SEE)
def visit(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Show one visit with every page that was looked at."""
    with platform_scope():
        row = lifecycle.visits(site_id(request)).filter(uuid=visit).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次查看。"), status=404)
    seen = audit.history(f"visit:{row.uuid}", most=SEEN, actions=("visit.page_seen",))
    values = {"row": row, "seen": seen, "most": SEEN, "page_title": _("平台查看记录")}
    return render(request, "people/company/visit.html", values)


@require_POST
@access.manager_page(Permission.COMPANY_CLOSE)
def decide(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Give an operator leave to look around, or not."""
    allow = request.POST.get("allow") == "1"
    with platform_scope():
        lifecycle.decide_visit(enterprise_id=site_id(request), visit=visit, allow=allow, by=by(request))
    messages.success(request, _("已同意。到期自动结束，也可以随时结束。") if allow else _("已拒绝。"))
    return redirect("console-company")


@require_POST
@access.manager_page(Permission.COMPANY_CHANGE)
def end(request: HttpRequest, visit: UUID) -> HttpResponse:
    """End a visit at once."""
    with platform_scope():
        lifecycle.end_visit(enterprise_id=site_id(request), visit=visit, who=by(request))
    messages.success(request, _("已结束，平台运营不能再查看。"))
    return redirect("console-company")


@never_cache
@require_GET
@access.declares(Permission.PUBLIC)
def enter(request: HttpRequest) -> HttpResponse:
    """Let the visitor in with the ticket from the desk."""
    visiting.begin(request, request.GET.get("ticket", ""))
    return redirect("console")


@require_POST
@access.declares(Permission.PUBLIC)
def leave(request: HttpRequest) -> HttpResponse:
    """End one's own visit and show the way back to the desk; for everybody else nothing happens."""
    found = access.profile(request).visit
    if found is None:
        return redirect("home")
    visiting.end(request, found)
    request.profile = access.NOBODY  # type: ignore[attr-defined]
    desk_url = f"{platform_url(request)}desk/enterprises/{current_site().id}"
    return render(request, "people/company/left.html", {"desk_url": desk_url})
