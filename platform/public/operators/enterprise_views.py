"""Pages about enterprises; operations only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import enterprises
from public.operators.desk import Me, Role, desk_page, frame
from public.operators.forms import StatusForm
from public.operators.queries import history
from tenants import divisions, sites
from tenants.addresses import client_ip, port_of
from tenants.models import Enterprise


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the enterprises; every filter lives in the address."""
    get = request.GET
    page = enterprises.page(
        search=get.get("q", ""),
        status=get.get("status", ""),
        division=get.get("division", ""),
        verified=get.get("verified", ""),
        sort=get.get("sort", ""),
        number=get.get("page", "1"),
    )
    rows = [(row, divisions.full_name(row.division_code)) for row in page]
    context = {
        "page_title": _("企业"),
        "page": page,
        "rows": rows,
        "cities": divisions.CITIES,
        "statuses": Enterprise.Status.choices,
        "chosen": get,
    }
    return render(request, "desk/enterprises.html", {**frame(request, me, "desk-enterprises"), **context})


@require_GET
@desk_page(Role.OPERATIONS)
def detail(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Show one enterprise: what it is on the left, what can be done on the right, history below."""
    return _detail(request, me, enterprise_id, StatusForm())


@require_POST
@desk_page(Role.OPERATIONS)
def verify(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Note that the licence was checked."""
    enterprises.verify(enterprise_id=enterprise_id, me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已标记为核实。"))
    return redirect("desk-enterprise", enterprise_id)


@require_POST
@desk_page(Role.OPERATIONS)
def status(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Suspend or reopen."""
    form = StatusForm(request.POST)
    if form.is_valid():
        try:
            enterprises.set_status(enterprise_id=enterprise_id, me=me, at=clock.now(), ip=client_ip(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
            return _detail(request, me, enterprise_id, form, status=error.status)
        messages.success(request, _("状态已更新，一秒内对全部人员生效。"))
        return redirect("desk-enterprise", enterprise_id)
    return _detail(request, me, enterprise_id, form, status=422)


def _detail(request: HttpRequest, me: Me, enterprise_id: int, form: StatusForm, *, status: int = 200) -> HttpResponse:
    row = enterprises.one(enterprise_id)
    context = {
        "page_title": row.name,
        "row": row,
        "address": f"{request.scheme}://{sites.host_of(row.subdomain)}{port_of(request)}",
        "division": divisions.full_name(row.division_code),
        "industry": divisions.industry_name(row.industry_code),
        "form": form,
        "history": [{"at": h.at, "title": h.title, "text": h.text, "tone": h.tone} for h in history(f"enterprise:{row.uuid}")],
    }
    return render(request, "desk/enterprise.html", {**frame(request, me, "desk-enterprises"), **context}, status=status)
