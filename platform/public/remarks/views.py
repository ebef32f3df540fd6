"""The desk of remarks; operations only. No page names the enterprise: the text alone is judged."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Queue, Role, desk_page, frame
from public.remarks import queries, services
from public.remarks.models import Offer
from tenants.addresses import client_ip

PER_PAGE = 20


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List what waits, or what was decided; search, state and page live in the address."""
    get = request.GET
    state = get.get("state", "") if get.get("state") in Offer.State.values else Offer.State.WAITING
    page = Paginator(queries.listing(text=get.get("q", "")[:60], state=state), PER_PAGE).get_page(get.get("page"))
    values = {
        "page_title": _("课程评语"),
        "page": page,
        "state": state,
        "states": Offer.State.choices,
        "is_filtered": bool(get.get("q")),
    }
    return render(request, "remarks/listing.html", {**frame(request, me, "desk-remarks"), **values})


@require_POST
@desk_page(Role.OPERATIONS)
def decide(request: HttpRequest, me: Me, offer: UUID) -> HttpResponse:
    """Show, refuse or take down one remark; a refusal is told above the list."""
    what, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
    said = {"offer": offer, "reason": reason, "me": me, "at": clock.now(), "ip": client_ip(request)}
    try:
        if what == "remove":
            services.remove(**said)  # type: ignore[arg-type] # one dictionary for both
        else:
            services.decide(show=what == "show", **said)  # type: ignore[arg-type]
    except DomainError as error:
        if error.status not in {409, 422}:
            raise
        messages.error(request, str(error.message))
    else:
        done = {"show": _("已展示给所有企业。"), "remove": _("已撤下，企业会看到理由。")}
        messages.success(request, done.get(what, _("已记为不采用，企业会看到理由。")))
    back = reverse("desk-remarks")
    return redirect(f"{back}?state={Offer.State.SHOWN}" if what == "remove" else back)


def remark_queues(me: Me) -> list[Queue]:
    """Return what waits for operations."""
    if me.role != Role.OPERATIONS:
        return []
    return [Queue(_("待处理评语"), queries.listing().count(), reverse("desk-remarks"), _("企业推荐给大家看的课程评语"))]
