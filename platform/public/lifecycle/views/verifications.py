"""Pages of companies' papers: the queue, one hand-in with what its two lookers do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.audit import api as audit
from public.lifecycle import queries, verifying
from public.lifecycle.forms import PassForm, RefuseForm
from public.lifecycle.models import Verification
from public.lifecycle.papers import given
from public.lifecycle.views import sheet
from public.lifecycle.words import Desk
from public.operators.api import Me, Role, desk_page, frame
from tenants import divisions
from tenants.addresses import client_ip


def desk_of(request: HttpRequest, me: Me) -> Desk:
    """Return who acts, when and from where."""
    return Desk(me, clock.now(), client_ip(request))


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List hand-ins; those that wait first. Every filter lives in the address; ``export=xlsx`` gives the list as a file."""
    get = request.GET
    wanted = {"search": get.get("q", ""), "state": get.get("state", ""), "sort": get.get("sort", "")}
    if get.get("export") == "xlsx":
        return _export(sheet.rows_of(queries.verifications(**wanted)))
    page = queries.verification_page(**wanted, number=get.get("page", "1"))
    context = {"page_title": _("企业核验"), "page": page, "states": Verification.State.choices, "chosen": get}
    return render(request, "lifecycle/verifications.html", {**frame(request, me, "desk-verifications"), **context})


def _export(rows: list[Verification]) -> HttpResponse:
    heads = [
        _("企业"),
        _("统一社会信用代码"),
        _("次数"),
        _("状态"),
        _("提交时间"),
        _("初审"),
        _("复核"),
        _("结论时间"),
        _("未通过原因"),
    ]
    lines: list[list[sheets.Cell]] = [
        [
            row.name, row.uscc, row.round, row.get_state_display(), f"{clock.shanghai_date(row.at):%Y-%m-%d}", row.first_name,
            row.second_name, f"{clock.shanghai_date(row.decided_at):%Y-%m-%d}" if row.decided_at else "", "；".join(row.reason_words),
        ]
        for row in rows
    ]  # fmt: skip
    return sheet.answer("verifications", _("企业核验"), heads, lines, label=PERSONS)


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def detail(request: HttpRequest, me: Me, verification: UUID) -> HttpResponse:
    """Show one hand-in: papers on the left, what can be done on the right, former rounds below."""
    return _detail(request, me, verification, PassForm(), RefuseForm())


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def passes(request: HttpRequest, me: Me, verification: UUID) -> HttpResponse:
    """First or second look: right."""
    form = PassForm(request.POST)
    if form.is_valid():
        try:
            row = verifying.passes(
                verification=verification,
                looks=form.cleaned_data["looks"],
                note_=form.cleaned_data["note"],
                desk=desk_of(request, me),
            )
        except DomainError as error:
            if error.status != 422 and error.code != "uscc_taken":
                raise
            form.add_error("looks" if error.code == "looks_missing" else None, error.message)
        else:
            done = _("核验通过，企业已标记为已核实。") if row.state == "APPROVED" else _("初审通过，等同事复核。")
            messages.success(request, done)
            return redirect("desk-verifications")
    return _detail(request, me, verification, form, RefuseForm(), status=422)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def refuse(request: HttpRequest, me: Me, verification: UUID) -> HttpResponse:
    """First or second look: not right, with reasons."""
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            verifying.refuse(verification=verification, **form.cleaned_data, desk=desk_of(request, me))
        except DomainError as error:
            if error.status != 422:
                raise
            form.add_error("words" if error.details.get("field") == "words" else None, error.message)
        else:
            messages.success(request, _("已退回，企业会看到原因，可以重新提交。"))
            return redirect("desk-verifications")
    return _detail(request, me, verification, PassForm(), form, status=422)


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def paper(request: HttpRequest, me: Me, verification: UUID, upload: UUID) -> HttpResponseBase:
    """Show or give a paper; each look is in the enterprise's log."""
    row = queries.verification(verification)
    answer = given(queries.paper(verification, upload))
    audit.record(
        "enterprise.paper_seen", actor=f"operator:{me.credential_id}", target=f"enterprise:{row.enterprise.uuid}", at=clock.now(),
        ip=client_ip(request), schema_name=row.enterprise.schema_name, name=me.name, upload=str(upload),
    )  # fmt: skip
    return answer


def _detail(
    request: HttpRequest, me: Me, verification: UUID, pass_form: PassForm, refuse_form: RefuseForm, *, status: int = 200
) -> HttpResponse:
    row = queries.verification(verification)
    enterprise: Any = row.enterprise
    context = {
        "page_title": row.name,
        "row": row,
        "papers": list(row.papers.order_by("kind", "pk")),
        "enterprise": None,
        "company": enterprise,
        "division": divisions.full_name(enterprise.division_code),
        "industry": divisions.industry_name(enterprise.industry_code),
        "is_second": row.state == Verification.State.CHECKED,
        "is_own": row.first_by == me.credential_id,
        "pass_form": pass_form,
        "refuse_form": refuse_form,
        "others": [one for one in queries.rounds(enterprise.pk) if one.pk != row.pk],
    }
    return render(request, "lifecycle/verification.html", {**frame(request, me, "desk-verifications"), **context}, status=status)
