"""The learner's pages 我的信息: what is told, a copy of everything, requests and what became of them. Phone first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, terminals
from apps.people.identity import proofs
from apps.people.models import Identity, Learner, PrivacyRequest
from apps.people.privacy import erasing, files, informing, queries, requesting, restricting
from apps.people.privacy.forms import CorrectionForm, WordsForm
from apps.people.shapes import LearnerView
from infra.kit import clock
from infra.kit.errors import DomainError
from public.privacy import api as notices
from tenants.addresses import client_ip

Kind = PrivacyRequest.Kind
_ASKED = {"correct": Kind.CORRECTION, "restrict": Kind.RESTRICTION, "erase": Kind.ERASURE}


@require_GET
@never_cache
@access.learner_page
@access.open_when_restricted
def page(request: HttpRequest) -> HttpResponse:
    """Show everything one may do about the own data, and what was asked so far; polled while a file is made."""
    learner, at = _learner(request), clock.now()
    file = queries.newest_export(learner.id, at=at)
    is_making = file is not None and file.state == PrivacyRequest.State.MAKING
    values = {
        "learner": learner,
        "due": informing.notice_due(learner.id, at=at),
        "identity": Identity.objects.filter(learner_id=learner.id).first(),
        "file": file,
        "is_making": is_making,
        "progress": files.progress_of(file) if file is not None and is_making else None,
        "rows": queries.own(learner.id),
        "rule": notices.rule(clock.shanghai_date(at)),
        "at": at,
    }
    return render(request, "people/privacy/mine.html", values)


@require_http_methods(["GET", "POST"])
@never_cache
@access.learner_page
@access.open_when_restricted
def notice(request: HttpRequest) -> HttpResponse:
    """Show the notice that holds; take that it was read."""
    learner, at = _learner(request), clock.now()
    if request.method == "POST":
        informing.read(learner_id=learner.id, version=request.POST.get("version", ""), at=at)
        messages.success(request, _("已记下您看过这一版告知。"))
        return redirect("learn-home" if request.POST.get("from") == "home" else "learn-data")
    row = Identity.objects.filter(learner_id=learner.id).first()
    values = {
        "notice": notices.notice(notices.Kind.PRIVACY, clock.shanghai_date(at)),
        "is_due": informing.notice_due(learner.id, at=at) is not None,
        "is_told": bool(row and row.told_version),
        "told_at": row.told_at if row else None,
        "from": "home" if request.GET.get("from") == "home" else "",
    }
    return render(request, "people/privacy/notice.html", values)


@require_POST
@access.learner_page
@access.open_when_restricted
def export(request: HttpRequest) -> HttpResponseBase:
    """Order the file. Who it is must have been proved on this device within 12 hours."""
    learner, at = _learner(request), clock.now()
    if (unproved := _unproved(request, learner)) is not None:
        return unproved
    try:
        files.order(learner_id=learner.id, at=at, ip=client_ip(request))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("learn-data")


@require_POST
@never_cache
@access.learner_page
@access.open_when_restricted
def take(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """Give the file, this once."""
    learner, at = _learner(request), clock.now()
    if (unproved := _unproved(request, learner)) is not None:
        return unproved
    zipped = files.take(uuid=request_id, learner_id=learner.id, at=at, ip=client_ip(request))
    answer = HttpResponse(zipped, content_type="application/zip")
    name = _("我的信息-%(day)s.zip") % {"day": clock.shanghai_date(at).isoformat()}
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@sensitive_post_parameters("id_number", "name")
@require_http_methods(["GET", "POST"])
@never_cache
@access.learner_page
@access.open_when_restricted
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a correction (``correct``), a restriction (``restrict``) or erasure (``erase``)."""
    if kind not in _ASKED:
        raise Http404
    learner, at = _learner(request), clock.now()
    form_class = CorrectionForm if kind == "correct" else WordsForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wanted = form.wanted() if isinstance(form, CorrectionForm) else None
        try:
            row = requesting.ask(
                learner_id=learner.id,
                kind=_ASKED[kind],
                words=form.cleaned_data["words"],
                wanted=wanted,
                at=at,
                ip=client_ip(request),
            )
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("已提交，%(day)s 前会答复您。") % {"day": clock.shanghai_date(row.due_at).isoformat()})
            return redirect("learn-data")
    values: dict[str, Any] = {"form": form, "kind": kind, "learner": learner, "rule": notices.rule(clock.shanghai_date(at))}
    if kind == "erase":
        values["outlook"] = erasing.outlook(Learner.objects.get(pk=learner.id), at=at)
    return render(request, "people/privacy/ask.html", values, status=422 if form.errors else 200)


@require_POST
@access.learner_page
@access.open_when_restricted
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take a request back."""
    try:
        requesting.take_back(uuid=request_id, learner_id=_learner(request).id, at=clock.now())
        messages.success(request, _("已撤回。"))
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    return redirect("learn-data")


@require_POST
@access.learner_page
@access.open_when_restricted
def lift(request: HttpRequest) -> HttpResponse:
    """End the restriction."""
    restricting.lift(learner_id=_learner(request).id, at=clock.now())
    messages.success(request, _("已解除限制，可以继续学习。"))
    return redirect("learn-data")


def _unproved(request: HttpRequest, learner: LearnerView) -> HttpResponse | None:
    """Return the way to prove who it is, or None where that was done here: the file holds numbers in full."""
    view = proofs.identity_of(learner.id, at=clock.now(), terminal=terminals.terminal_of(request))
    if view.needs is None:
        return None
    messages.info(request, _("里面有完整的身份证号，请先确认是您本人。"))
    return redirect(f"{reverse('learn-identity')}?{urlencode({'next': reverse('learn-data')})}")


def _learner(request: HttpRequest) -> LearnerView:
    who = access.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who
