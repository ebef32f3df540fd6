"""Pages of work on many certificates: ordered, watched, cancelled, fetched."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.people import api as people
from apps.plans.certificates import batches, queries
from apps.plans.certificates.forms import IssueForm
from apps.plans.certificates.views import asked
from apps.plans.views.archive import platform_origin
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

_NEEDS = people.Permission.PLANS_CHANGE
_KINDS = {batches.Kind.SHEETS, batches.Kind.FILES}


def _me(request: HttpRequest) -> int:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return manager.id


@require_POST
@people.manager_page(_NEEDS)
def print_many(request: HttpRequest) -> HttpResponse:
    """Print the chosen certificates, or all that the filters of the list let through."""
    at = clock.now()
    kind = request.POST.get("kind", "")
    rows = queries.listing(**asked(request), on=clock.shanghai_date(at), within=people.within(request))
    picked = [int(one) for one in request.POST.getlist("ids") if one.isdecimal() and len(one) < 19]
    if picked:
        rows = rows.filter(certificate__in=picked)
    ids = list(rows.order_by("certificate__serial").values_list("certificate_id", flat=True)[: batches.MOST + 1])
    try:
        made = batches.order_print(
            kind=kind if kind in _KINDS else batches.Kind.SHEETS,
            ids=[one for one in ids if one is not None],
            origin=platform_origin(request),
            by=_me(request),
            at=at,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("console-certificates")
    return redirect("console-certificate-batch", made.uuid)


@require_POST
@people.manager_page(_NEEDS)
def issue(request: HttpRequest) -> HttpResponse:
    """Look at everybody of a plan and issue what is due."""
    form = IssueForm(request.POST, plans=queries.open_plans())
    try:
        if not form.is_valid():
            raise DomainError("plan", _("请选择一个进行中的培训计划。"), status=422)
        made = batches.order_issue(plan=UUID(form.cleaned_data["plan"]), by=_me(request), at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("console-certificates")
    return redirect("console-certificate-batch", made.uuid)


@require_GET
@people.manager_page(_NEEDS)
def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Show one batch: how far it is while it runs (polled), then what came of it."""
    found, at = batches.of_uuid(batch), clock.now()
    values = {
        "batch": found,
        "is_open": found.state in batches.OPEN,
        "is_ready": batches.is_ready(found, at),
        "left_s": batches.left_s(found, at=at),
    }
    return render(request, "plans/certificates/batch.html", values)


@require_POST
@people.manager_page(_NEEDS)
def cancel(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Stop a batch."""
    batches.cancel(uuid=batch, at=clock.now())
    return redirect("console-certificate-batch", batch)


@require_GET
@people.manager_page(_NEEDS)
def file(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """Give the ZIP; never kept by caches.

    :raises DomainError: 404 ``not_found``; 409 ``batch_running``; 410 ``file_gone``
    """
    found = batches.of_uuid(batch)
    answer = StreamingHttpResponse(batches.file_of(found, at=clock.now()), content_type="application/zip")
    name = _("培训证明-%(day)s-%(n)d份.zip") % {"day": clock.shanghai_date(found.at).isoformat(), "n": found.total}
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Length"] = str(found.size)
    who = f"manager:{_me(request)}"
    audit.record("certificates.taken", actor=who, target=f"batch:{batch}", at=clock.now(), ip=client_ip(request))
    return answer
