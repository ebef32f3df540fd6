"""Pages of the manager: the certificates, one of them, proposals to revoke one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans import export
from apps.plans.certificates import batches, queries, reissuing, revoking, sheets
from apps.plans.certificates.forms import RevokeForm
from apps.plans.views.archive import platform_origin
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError

PAGE = 25


def asked(request: HttpRequest) -> dict[str, str]:
    """Return the filters of the list, as its address or a form beside it says them."""
    said = request.POST if request.method == "POST" else request.GET
    return {"text": said.get("q", ""), **{key: said.get(key, "") for key in ("state", "plan", "unit", "sort")}}


@require_GET
@people.manager_page(people.Permission.ARCHIVE_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List certificates with what each is worth today; every filter lives in the address, ``export=xlsx`` gives what is listed."""
    within, today = people.within(request), clock.shanghai_date(clock.now())
    filters = asked(request)
    rows = queries.listing(**filters, on=today, within=within)
    if request.GET.get("export") == "xlsx":
        answer = HttpResponse(sheets.certificate_sheet(rows, origin=platform_origin(request), on=today), content_type=export.XLSX)
        answer["Content-Disposition"] = f'attachment; filename="certificates-{today:%Y%m%d}.xlsx"'
        answer["Cache-Control"] = "private, no-store"
        return answer
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "lines": [(row, records.certificate_state(row, on=today), records.ends_soon(row, on=today)) for row in page],
        "chosen": filters,
        "is_filtered": any(filters[key] for key in ("text", "state", "plan", "unit")),
        "counts": records.certificate_counts(queries.certified(within=within), on=today),
        "plans": queries.plans_with_certificates(within=within),
        "units": people.units(within=within),
        "waiting": queries.proposals(within=within).filter(state=records.Revocation.State.PROPOSED).count(),
        "open_plans": queries.open_plans(),
        "batches": batches.newest(),
        "most": batches.MOST,
    }
    return render(request, "plans/certificates/list.html", values)


@require_GET
@people.manager_page(people.Permission.ARCHIVE_SEE)
def one(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Show one certificate: what it says, what it is worth, what was proposed about it."""
    about = _about(request, certificate)
    return render(request, "plans/certificates/one.html", {**about, **_reissue(request, about)})


def _reissue(request: HttpRequest, about: dict[str, Any]) -> dict[str, Any]:
    """Return what a reissue would say differently, or why there is none; nothing where nobody asks."""
    worth = about["worth"]
    if worth.revoked is None or worth.replaced is not None or people.Permission.PLANS_CHANGE not in people.permissions(request):
        return {}
    try:
        found = reissuing.differences(certificate=about["paper"].uuid, by=_decider(request), within=people.within(request))
    except DomainError as refusal:
        return {"no_reissue": str(refusal.message)}
    return {"differences": found}


def _about(request: HttpRequest, certificate: UUID) -> dict[str, Any]:
    duty = queries.duty_of(certificate, within=people.within(request))
    paper = records.certificate(certificate)
    today = clock.shanghai_date(clock.now())
    told = records.revocations(paper.id)
    return {
        "duty": duty,
        "paper": paper,
        "worth": records.standings([paper], on=today)[paper.code],
        "touched": records.touching([paper.uuid]).get(paper.uuid, 0),
        "proposals": told,
        "open_proposal": next((row for row in told if row.state == records.Revocation.State.PROPOSED), None),
        "me": _me(request).id,
        "is_mine": _decider(request).own == paper.subject,
        "origin": platform_origin(request),
        "issued": {one.number: one.uuid for one in records.certificates_of(paper.subject) if one.issued_for == paper.issued_for},
    }


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.PLANS_CHANGE)
def propose(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Ask why, and propose to revoke a certificate."""
    about = _about(request, certificate)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            revoking.propose(certificate=certificate, **form.cleaned_data, by=_decider(request), at=clock.now())
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("已提交撤销申请，等另一位管理员审批。"))
            return redirect("console-certificate", certificate)
    return render(request, "plans/certificates/revoke.html", {**about, "form": form}, status=422 if form.errors else 200)


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def reissue(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Issue a right certificate in place of a revoked one."""
    at, by = clock.now(), _decider(request)
    try:
        new = reissuing.reissue(certificate=certificate, by=by, within=people.within(request), at=at)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
        return redirect("console-certificate", certificate)
    messages.success(request, _("已换发，原证明的查验页会指向这一份，并已通知本人。"))
    return redirect("console-certificate", new.uuid)


@require_GET
@people.manager_page(people.Permission.ARCHIVE_SEE)
def proposals(request: HttpRequest) -> HttpResponse:
    """List what was proposed, and what waits for a decision."""
    page = Paginator(queries.proposals(within=people.within(request)), PAGE).get_page(request.GET.get("page"))
    values = {"page": page, "me": _me(request).id, "own": _decider(request).own}
    return render(request, "plans/certificates/revocations.html", values)


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def decide(request: HttpRequest, revocation: UUID) -> HttpResponse:
    """Approve (``answer=yes``) or decline what another manager proposed."""
    approve, words = request.POST.get("answer") == "yes", request.POST.get("words", "")
    return _done(
        request,
        lambda: revoking.decide(revocation=revocation, approve=approve, answer=words, by=_decider(request), at=clock.now()),
        said=_("证明已撤销，查验页马上显示。") if approve else _("未批准，证明继续有效。"),
    )


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def withdraw(request: HttpRequest, revocation: UUID) -> HttpResponse:
    """Take back the own proposal."""
    return _done(
        request,
        lambda: records.withdraw_revocation(revocation=revocation, by=_decider(request), at=clock.now()),
        said=_("已撤回申请，证明继续有效。"),
    )


def _done(request: HttpRequest, act: Callable[[], records.Revocation], *, said: str) -> HttpResponse:
    try:
        row = act()
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
        return redirect("console-revocations")
    messages.success(request, said)
    return redirect("console-certificate", row.certificate.uuid)


def _me(request: HttpRequest) -> people.ManagerView:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return manager


def _decider(request: HttpRequest) -> records.Decider:
    learner = people.profile(request).learner
    me = _me(request)
    return records.Decider(me.id, me.name, learner.uuid if learner else None)
