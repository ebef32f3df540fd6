"""The desk of second instance; operations only."""

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
from infra.kit.marking import PERSONS
from public.appeals import evidence, queries, services
from public.appeals.models import Case
from public.monitor import api as monitor
from public.operators import api as operators
from tenants.addresses import client_ip

PER_PAGE = 20


class DecisionForm(forms.Form):
    """A decision with its reason; the button says which."""

    decision = forms.ChoiceField(choices=[("restore", ""), ("uphold", "")], error_messages={"required": _("请选择裁定结果。")})
    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("学员和企业都会看到，请写清依据。"),
        error_messages={"required": _("请写明理由，学员和企业都会看到。")},
    )


@require_GET
@operators.desk_page(operators.Role.OPERATIONS, label=PERSONS)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List cases by time left; every filter lives in the address."""
    get, at = request.GET, clock.now()
    rows = queries.listing(text=get.get("q", ""), state=get.get("state", ""), sort=get.get("sort", ""))
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    names = queries.enterprise_names(list(page))
    values = {
        "page_title": _("学时申诉"),
        "page": page,
        "lines": [(row, names.get(row.schema_name, ""), row.state == Case.State.OPEN and row.due_at < at) for row in page],
        "states": Case.State.choices,
        "chosen": get,
    }
    return render(request, "appeals/listing.html", {**operators.frame(request, me, "desk-appeals"), **values})


@require_GET
@operators.desk_page(operators.Role.OPERATIONS, label=PERSONS)
def case(request: HttpRequest, me: operators.Me, case: UUID) -> HttpResponse:
    """Show one case: what happened on the left, what can be done on the right."""
    return _case(request, me, queries.one(case), DecisionForm())


@require_POST
@operators.desk_page(operators.Role.OPERATIONS, label=PERSONS)
def decide(request: HttpRequest, me: operators.Me, case: UUID) -> HttpResponse:
    """Decide a case."""
    form, row = DecisionForm(request.POST), queries.one(case)
    if not form.is_valid():
        return _case(request, me, row, form, status=422)
    try:
        services.decide(
            case=case,
            restore=form.cleaned_data["decision"] == "restore",
            reason=form.cleaned_data["reason"],
            me=me,
            at=clock.now(),
            ip=client_ip(request),
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _case(request, me, queries.one(case), form, status=error.status)
    messages.success(request, _("裁定已保存，正在告知企业和学员。"))
    return redirect("desk-appeal", case)


def _case(request: HttpRequest, me: operators.Me, row: Case, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    found = monitor.replay(row.session, opened_at=row.session_opened_at)
    values = {
        "page_title": _("学时申诉"),
        "case": row,
        "enterprise_name": queries.enterprise_names([row]).get(row.schema_name, ""),
        "facts": evidence.facts(row.evidence),
        "form": form,
        "replay": found,
        "chart": found.chart(row.duration_ms),
        "is_late": row.state == Case.State.OPEN and row.due_at < clock.now(),
    }
    return render(request, "appeals/case.html", {**operators.frame(request, me, "desk-appeals"), **values}, status=status)


def case_queues(me: operators.Me) -> list[operators.Queue]:
    """Return the cases that wait for operations."""
    if me.role != operators.Role.OPERATIONS:
        return []
    count = queries.listing().count()
    return [operators.Queue(_("待裁定申诉"), count, reverse("desk-appeals"), _("学员对学时作废的第二次申诉"))]
