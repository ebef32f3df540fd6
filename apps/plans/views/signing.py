"""Sign-off for the learner: read the record, sign it by finger or by name, or say what is wrong. And the drawing itself."""

from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.people import api as people
from apps.plans.signing import queries, services
from apps.plans.signing.forms import HandForm, NameForm, ObjectionForm
from apps.plans.views.archive import may_see
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import codes
from tenants.addresses import client_ip

RESEND_S = 60
TYPED_ID = "typed_%s"
"""Both ways of signing stand on one page and ask for consent, so the second has ids of its own."""
F = TypeVar("F", bound=forms.Form)


@require_http_methods(["GET", "POST"])
@never_cache
@people.learner_page
def sign(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """Show the record of a finished training; ``do`` is ``draw``, ``send``, ``type`` or ``object``."""
    if request.method == "GET":
        return _page(request, assignment)
    acts = {"send": _send, "type": _by_name, "object": _object}
    return acts.get(request.POST.get("do", ""), _by_hand)(request, assignment)


def _by_hand(request: HttpRequest, assignment: UUID) -> HttpResponse:
    form = HandForm(request.POST)
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("record", "strokes")}
        try:
            services.sign_by_hand(
                assignment=assignment, learner=_learner(request), ip=client_ip(request), at=clock.now(), **words
            )
        except DomainError as refusal:
            return _anew(request, assignment, refusal) or _page(
                request, assignment, hand=_refused(form, refusal), status=refusal.status
            )
        return _thanks(request, assignment)
    return _page(request, assignment, hand=form, status=422)


def _send(request: HttpRequest, assignment: UUID) -> HttpResponse:
    typed = NameForm(
        auto_id=TYPED_ID, initial={"name": request.POST.get("name", "")[:40], "agree": request.POST.get("agree") == "on"}
    )
    queries.record(assignment, learner_id=_learner(request).id)  # no codes for what is not there
    try:
        mobile = people.send_signing_code(learner_id=_learner(request).id)
    except codes.StillOpen as refusal:  # who has lost the page, or may ask for no other, goes on with the code that came
        left_s = min(refusal.details["retry_after_s"], RESEND_S)
        refused = not isinstance(refusal, codes.JustSent)
        status = refusal.status if refused else 200
        return _page(request, assignment, typed=typed, just=str(refusal.message), refused=refused, resend_s=left_s, status=status)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return _page(request, assignment, typed=typed, status=refusal.status)
    return _page(request, assignment, typed=typed, sent_to=mobile, resend_s=RESEND_S)


def _by_name(request: HttpRequest, assignment: UUID) -> HttpResponse:
    form = NameForm(request.POST, auto_id=TYPED_ID)
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("record", "name", "code")}
        try:
            services.sign_by_name(
                assignment=assignment, learner=_learner(request), ip=client_ip(request), at=clock.now(), **words
            )
        except DomainError as refusal:
            return _anew(request, assignment, refusal) or _page(
                request, assignment, typed=_refused(form, refusal, otherwise="code"), status=refusal.status
            )
        return _thanks(request, assignment)
    return _page(request, assignment, typed=form, status=422)


def _anew(request: HttpRequest, assignment: UUID, refusal: DomainError) -> HttpResponse | None:
    """Show a record that has changed with nothing filled in: tick and drawing were meant for the former one."""
    if refusal.code != "record_changed":
        return None
    messages.error(request, str(refusal.message))
    return _page(request, assignment, status=refusal.status)


def _object(request: HttpRequest, assignment: UUID) -> HttpResponse:
    form = ObjectionForm(request.POST)
    if form.is_valid():
        try:
            services.object_to(
                assignment=assignment, learner_id=_learner(request).id, words=form.cleaned_data["words"], at=clock.now()
            )
        except DomainError as refusal:
            return _page(request, assignment, against=_refused(form, refusal), status=refusal.status)
        messages.success(request, _("已告诉本单位培训管理员，答复会显示在这里。"))
        return redirect("learn-sign", assignment)
    return _page(request, assignment, against=form, status=422)


def _thanks(request: HttpRequest, assignment: UUID) -> HttpResponse:
    messages.success(request, _("已签名，记录已存入您的档案。"))
    return redirect("learn-sign", assignment)


def _page(
    request: HttpRequest,
    assignment: UUID,
    *,
    hand: HandForm | None = None,
    typed: NameForm | None = None,
    against: ObjectionForm | None = None,
    sent_to: str = "",
    just: str = "",
    refused: bool = False,
    resend_s: int = 0,
    status: int = 200,
) -> HttpResponse:
    record = queries.record(assignment, learner_id=_learner(request).id)
    start = {"record": record.fingerprint}
    values = {
        "record": record,
        "facts": record.facts,
        "hand": hand or HandForm(initial=start),
        "typed": typed or NameForm(auto_id=TYPED_ID, initial=start),
        "against": against or ObjectionForm(),
        "opened": "typed" if typed else "against" if against else "",
        "sent_to": sent_to,
        "just": just,
        "refused": refused,
        "resend_s": resend_s,
    }
    return render(request, "plans/learn_sign.html", values, status=status)


def _refused(form: F, refusal: DomainError, *, otherwise: str | None = None) -> F:
    field = refusal.details.get("field", otherwise)
    form.add_error(field if field in form.fields and field != "strokes" else None, str(refusal.message))
    return form


def _learner(request: HttpRequest) -> people.LearnerView:
    who = people.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who


@require_GET
@people.declares(people.Permission.SIGNED_IN)
def picture(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return a drawn signature to the learner whose it is, and to managers who see archives; nobody else learns that it exists.

    :raises DomainError: ``sign_in`` (401), ``not_found`` (404)
    """
    if people.profile(request).kind is None:
        raise DomainError("sign_in", _("请先登录。"), status=401)
    row = queries.signature(uuid)
    if not may_see(request, row.assignment.learner.uuid):
        raise DomainError("not_found", _("没有这个签名，请核对链接。"), status=404)
    response = HttpResponse(queries.picture(row), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response
