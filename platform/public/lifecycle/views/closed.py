"""What operations do to a closed enterprise: open it again, hold, destroy; always two of them. The list of legal periods that end."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock, sheets
from infra.kit.marking import PERSONS
from public.audit import api as audit
from public.lifecycle import changes, deciding, ending, holding, reopening
from public.lifecycle.destruction import certifying, planning
from public.lifecycle.forms import DecideForm, DestroyForm, HoldForm, ReasonForm, ReopenForm
from public.lifecycle.models import Closure, Destruction, LifeChange
from public.lifecycle.queries import change_of
from public.lifecycle.views import sheet
from public.lifecycle.views.enterprises import done
from public.lifecycle.views.verifications import desk_of
from public.operators.api import Me, Role, desk_page, frame


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def ends(request: HttpRequest, me: Me) -> HttpResponse:
    """List closed enterprises by the end of their legal periods; filters live in the address; ``export=xlsx`` gives the list as a file."""
    get, today = request.GET, clock.shanghai_date(clock.now())
    wanted = {"search": get.get("q", ""), "show": get.get("show", ""), "sort": get.get("sort", "")}
    if get.get("export") == "xlsx":
        return _export(sheet.rows_of(ending.listing(**wanted, today=today)))
    page, rows = ending.page(**wanted, number=get.get("page", "1"), today=today)
    context = {"page_title": _("注销与销毁"), "page": page, "rows": rows, "shows": ending.SHOWS, "chosen": get}
    return render(request, "lifecycle/ends.html", {**frame(request, me, "desk-ends"), **context})


def _export(rows: list[Closure]) -> HttpResponse:
    today = clock.shanghai_date(clock.now())
    heads = [_("企业"), _("统一社会信用代码"), _("注销日期"), _("保存到"), _("剩余天数"), _("状态"), _("暂不能销毁的原因")]
    lines: list[list[sheets.Cell]] = []
    for one in ending.endings(rows, today=today):
        row = one.closure
        closed_on = f"{clock.shanghai_date(row.closed_at):%Y-%m-%d}" if row.closed_at else ""
        why = "；".join(f"{blocker.title} {blocker.text}".strip() for blocker in one.blockers)
        lines.append(
            [row.enterprise.name, row.enterprise.uscc, closed_on, f"{row.kept_until}", max(one.days, 0), str(one.state), why]
        )
    return sheet.answer("closed-enterprises", _("注销与销毁"), heads, lines, label=PERSONS)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def reopen(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Ask for a closed enterprise to be opened again."""
    do = partial(reopening.ask, enterprise_id=enterprise_id, desk=desk_of(request, me))
    words = _("已提出，等申请人以外的同事批准。")
    return done(request, me, enterprise_id, reopen_form=ReopenForm(request.POST), do=do, words=words)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def destroy(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Ask for everything of a closed enterprise to be destroyed."""
    do = partial(planning.ask, enterprise_id=enterprise_id, desk=desk_of(request, me))
    words = _("已提出，等申请人以外的同事批准。")
    return done(request, me, enterprise_id, destroy_form=DestroyForm(request.POST), do=do, words=words)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def decide(request: HttpRequest, me: Me, change: UUID) -> HttpResponse:
    """Approve or refuse what a colleague asked for."""
    row, approve = change_of(change), request.POST.get("approve") == "1"
    do = partial(deciding.decide, change=change, approve=approve, desk=desk_of(request, me))
    if not approve:
        words = _("已退回，没有办理。")
    elif row.kind == LifeChange.Kind.REOPEN:
        words = _("已重新开通，一秒内对全部人员生效；企业负责人已收到通知。")
    else:
        words = _("已批准。24 小时后开始销毁，在那之前可以停止。")
    return done(request, me, row.enterprise_id, decide_form=DecideForm(request.POST), do=do, words=words)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def withdraw(request: HttpRequest, me: Me, change: UUID) -> HttpResponse:
    """Take back what one asked for."""
    row = change_of(change)
    changes.withdraw(change=change, desk=desk_of(request, me))
    messages.success(request, _("已撤回。"))
    return redirect("desk-enterprise", row.enterprise_id)


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def hold(request: HttpRequest, me: Me, enterprise_id: int) -> HttpResponse:
    """Put a closed enterprise on hold."""
    do = partial(holding.place, enterprise_id=enterprise_id, desk=desk_of(request, me))
    return done(request, me, enterprise_id, hold_form=HoldForm(request.POST), do=do, words=_("已设置法律保留。"))


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def lift(request: HttpRequest, me: Me, enterprise_id: int, hold: UUID) -> HttpResponse:
    """Lift a hold."""
    do = partial(holding.lift, enterprise_id=enterprise_id, hold=hold, desk=desk_of(request, me))
    form = ReasonForm(request.POST, auto_id="lift_%s")
    return done(request, me, enterprise_id, lift_form=form, do=do, words=_("已解除法律保留。"))


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def destruction(request: HttpRequest, me: Me, destruction: UUID) -> HttpResponse:
    """Show a destruction: how far it is, what was there, and its certificate."""
    row = planning.one(destruction)
    is_done = row.state == Destruction.State.DONE
    steps = list(Destruction.Step)
    context = {
        "page_title": _("销毁数据"),
        "row": row,
        "steps": [step.label for step in steps],
        "at_step": len(steps) + 1 if is_done else steps.index(Destruction.Step(row.step)) + 1,
        "rows_total": sum(table["rows"] for table in row.contents.get("tables", [])),
        "shared": sorted(row.contents.get("shared", {}).items()),
        "is_genuine": is_done and certifying.is_genuine(row),
        "is_done": is_done,
        "note_lines": row.note.splitlines(),
        "copies": row.contents.get("copies") or {},
        "until": certifying.copies_until(row),
    }
    return render(request, "lifecycle/destruction.html", {**frame(request, me, "desk-ends"), **context})


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def stop(request: HttpRequest, me: Me, destruction: UUID) -> HttpResponse:
    """Stop what has not begun."""
    row = planning.one(destruction)
    do = partial(planning.stop, destruction=destruction, desk=desk_of(request, me))
    return done(request, me, row.enterprise_id, stop_form=ReasonForm(request.POST), do=do, words=_("已停止，什么也没有销毁。"))


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def certificate(request: HttpRequest, me: Me, destruction: UUID) -> HttpResponse:
    """Give the signed certificate as a file."""
    row = planning.certified(destruction)
    desk = desk_of(request, me)
    audit.record(
        "enterprise.destruction_taken", actor=desk.reference, target=f"enterprise:{row.enterprise.uuid}", at=desk.at, ip=desk.ip,
        schema_name=row.enterprise.schema_name, name=desk.name, destruction=str(row.uuid),
    )  # fmt: skip
    answer = HttpResponse(certifying.file(row), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="destruction-{row.uuid}.json"'
    return answer
