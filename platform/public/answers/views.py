"""The desk: what enterprises propose for all, and what they ask the authors of courses."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.answers import queries, services
from public.answers.models import Proposal
from public.audit import api as audit
from public.operators import api as operators
from tenants.addresses import client_ip

PER_PAGE = 20
ROLES = (operators.Role.OPERATIONS, operators.Role.AUTHOR)


class DecisionForm(forms.Form):
    """What becomes of a proposal; the button says which."""

    decision = forms.ChoiceField(choices=[("publish", ""), ("answer", ""), ("refuse", "")])
    question = forms.CharField(label=_("问题"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    answer = forms.CharField(label=_("解答"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 7}))
    reason = forms.CharField(
        label=_("不采用的原因"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不采用时填写，提交的企业会看到。"),
    )


class TakeDownForm(forms.Form):
    """Why a published answer goes."""

    reason = forms.CharField(label=_("撤下的原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


@require_GET
@operators.desk_page(*ROLES)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List what waits by time left; every filter lives in the address."""
    get, at = request.GET, clock.now()
    rows = queries.listing(
        me, text=get.get("q", ""), state=get.get("state", ""), kind=get.get("kind", ""), sort=get.get("sort", "")
    )
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {
        "page_title": _("课程问答"),
        "page": page,
        "lines": [(row, row.state == Proposal.State.OPEN and row.due_at < at) for row in page],
        "states": Proposal.State.choices,
        "kinds": Proposal.Kind.choices,
        "chosen": get,
    }
    return render(request, "answers/listing.html", {**operators.frame(request, me, "desk-answers"), **values})


@require_GET
@operators.desk_page(*ROLES)
def item(request: HttpRequest, me: operators.Me, proposal: UUID) -> HttpResponse:
    """Show one proposal: what was brought on the left, what can be done on the right."""
    row = queries.one(proposal, me)
    return _item(request, me, row, DecisionForm(initial={"question": row.question, "answer": row.answer}), TakeDownForm())


@require_POST
@operators.desk_page(*ROLES)
def decide(request: HttpRequest, me: operators.Me, proposal: UUID) -> HttpResponse:
    """Publish, answer or refuse."""
    form, row = DecisionForm(request.POST), queries.one(proposal, me)
    if not form.is_valid():
        return _item(request, me, row, form, TakeDownForm(), status=422)
    said = form.cleaned_data
    who: dict[str, Any] = {"proposal": proposal, "me": me, "at": clock.now(), "ip": client_ip(request)}
    try:
        if said["decision"] == "publish":
            services.publish(question=said["question"], answer=said["answer"], **who)
            messages.success(request, _("已公开，有这门课程的企业都能看到。"))
        elif said["decision"] == "answer":
            services.give_answer(answer=said["answer"], **who)
            messages.success(request, _("解答已发出，提问的企业会看到。"))
        else:
            services.refuse(reason=said["reason"], **who)
            messages.success(request, _("已告知提交的企业。"))
    except DomainError as error:
        field = error.details.get("field")
        form.add_error(field if field in form.fields else None, str(error.message))
        return _item(request, me, queries.one(proposal, me), form, TakeDownForm(), status=error.status)
    return redirect("desk-answer", proposal)


@require_POST
@operators.desk_page(operators.Role.OPERATIONS)
def take_down(request: HttpRequest, me: operators.Me, proposal: UUID) -> HttpResponse:
    """Take a published answer back."""
    form, row = TakeDownForm(request.POST), queries.one(proposal, me)
    if not form.is_valid():
        return _item(request, me, row, DecisionForm(), form, status=422)
    try:
        services.take_down(proposal=proposal, reason=form.cleaned_data["reason"], me=me, at=clock.now(), ip=client_ip(request))
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _item(request, me, queries.one(proposal, me), DecisionForm(), form, status=error.status)
    messages.success(request, _("已撤下，所有企业都不再显示。"))
    return redirect("desk-answer", proposal)


def _item(
    request: HttpRequest, me: operators.Me, row: Proposal, form: DecisionForm, down: TakeDownForm, *, status: int = 200
) -> HttpResponse:
    for name in ("question", "answer"):  # whoever publishes fills in both; only refusing leaves them
        form.fields[name].required = True
    values = {
        "page_title": _("课程问答"),
        "row": row,
        "form": form,
        "down": down,
        "enterprise_name": queries.enterprise_name(row) if me.role == operators.Role.OPERATIONS else "",
        "is_late": row.state == Proposal.State.OPEN and row.due_at < clock.now(),
        "log": audit.history(f"answer:{row.uuid}"),
        "may_take_down": me.role == operators.Role.OPERATIONS and row.state == Proposal.State.PUBLISHED,
    }
    return render(request, "answers/item.html", {**operators.frame(request, me, "desk-answers"), **values}, status=status)


def answer_queues(me: operators.Me) -> list[operators.Queue]:
    """Return what waits for this person."""
    if me.role not in ROLES:
        return []
    count = queries.listing(me).count()
    return [operators.Queue(_("课程问答"), count, reverse("desk-answers"), _("企业推荐公开的解答和请平台解答的提问"))]
