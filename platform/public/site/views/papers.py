"""The operator's papers: shown to the public with their scans, kept by operations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page, frame, reachable
from public.site.forms_desk import PaperForm, WithdrawForm
from public.site.papers import queries, services, showing, telling
from tenants.addresses import client_ip


@require_GET
def qualifications(request: HttpRequest) -> HttpResponse:
    """Show who runs the platform and with which right."""
    return render(request, "site/qualifications.html", showing.qualifications())


@require_GET
def scan(request: HttpRequest, paper: UUID) -> HttpResponseBase:
    """Give a scan to the public; pictures are shown, documents are a download."""
    return showing.scan(paper)


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the papers with how long they hold."""
    get, today = request.GET, clock.shanghai_date(clock.now())
    found = queries.listed(search=get.get("q", ""), state=get.get("state", ""), today=today)
    warned = telling.warned([row.uuid for row, _state in found], stages=services.STAGES)
    people, reached = reachable(Role.OPERATIONS)
    context = {
        "page_title": _("平台资质"),
        "unreached": people - reached,
        "people": people,
        "rows": [(row, showing.words_of_state(state), row.days_left(today), warned.get(row.uuid, [])) for row, state in found],
        "states": [(state, showing.words_of_state(state)[1]) for state in showing.STATES],
        "chosen": get,
        "ending": queries.ending(today),
    }
    return render(request, "site/papers/desk.html", {**frame(request, me, "desk-site-papers"), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def show(request: HttpRequest, me: Me, paper: UUID | None = None) -> HttpResponse:
    """Show a paper to the public; with ``paper`` one that stands for it from now on."""
    former = queries.one(paper) if paper else None
    form = PaperForm(request.POST if request.method == "POST" else None, initial=_initial(former))
    if form.is_bound and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "upload"}
        try:
            services.show(
                facts=services.Facts(**said, scan=form.scan), me=me, at=clock.now(), ip=client_ip(request), replaces=paper
            )
        except DomainError as error:
            if error.status == 404:
                raise
            field = error.details.get("field")
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, _("已公示。"))
            return redirect("desk-site-papers")
    context = {"page_title": _("公示资质"), "form": form, "former": former}
    return render(
        request, "site/papers/new.html", {**frame(request, me, "desk-site-papers"), **context}, status=422 if form.errors else 200
    )


def _initial(former: Any) -> dict[str, Any]:
    names = ("kind", "title", "title_en", "number", "issuer")
    return {name: getattr(former, name) for name in names} if former else {}


@require_POST
@desk_page(Role.OPERATIONS)
def withdraw(request: HttpRequest, me: Me, paper: UUID) -> HttpResponse:
    """Take a paper away from the public."""
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    services.withdraw(paper=paper, reason=reason, me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已撤下。"))
    return redirect("desk-site-papers")
