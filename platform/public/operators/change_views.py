"""Pages of changes that wait for the second administrator, and of those that were decided."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import changes, people
from public.operators.admin_forms import DecisionForm
from public.operators.desk import Me, Queue, Role, desk_page, frame
from public.operators.models import ADMINISTRATORS, OperatorChange
from tenants.addresses import client_ip

State = OperatorChange.State


@require_GET
@desk_page(*ADMINISTRATORS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List changes; those that wait first."""
    get = request.GET
    page = people.page(
        people.changes(state=get.get("state", ""), kind=get.get("kind", ""), search=get.get("q", "")), get.get("page", "1")
    )
    context = {
        "page_title": _("权限变更"),
        "page": page,
        "lines": [{"row": row, "whom": people.whom(row), "wanted": people.wanted(row), "tone": people.tone(row)} for row in page],
        "kinds": OperatorChange.Kind.choices,
        "states": State.choices,
        "chosen": get,
    }
    return render(request, "desk/changes.html", {**frame(request, me, "desk-changes"), **context})


@require_GET
@desk_page(*ADMINISTRATORS)
def detail(request: HttpRequest, me: Me, change: UUID) -> HttpResponse:
    """Show one change."""
    return _detail(request, me, changes.one(change), DecisionForm())


def _detail(
    request: HttpRequest, me: Me, row: OperatorChange, form: DecisionForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    is_open = row.state == State.OPEN and row.expires_at > clock.now()
    is_mine = row.asked_by.credential_id == me.credential_id
    concerned = row.subject is not None and row.subject.credential_id == me.credential_id
    other_office = changes.OTHER.get(Role(me.role)) == row.asked_role
    context = {
        "page_title": row.get_kind_display(),
        "row": row,
        "whom": people.whom(row),
        "wanted": people.wanted(row),
        "tone": people.tone(row),
        "form": form,
        "may_decide": is_open and other_office and not concerned and not is_mine,
        "may_withdraw": is_open and is_mine,
        "is_lapsed": row.state == State.OPEN and not is_open,
        "concerned": concerned,
        "office": changes.OTHER[Role(row.asked_role)].label,
        "refused": refused,
    }
    return render(request, "desk/change.html", {**frame(request, me, "desk-changes"), **context}, status=status)


@require_POST
@desk_page(Role.SYSTEM, Role.SECURITY)
def decide(request: HttpRequest, me: Me, change: UUID) -> HttpResponse:
    """Approve or refuse."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, me, changes.one(change), form, status=422)
    approve = form.cleaned_data["decision"] == "approve"
    try:
        changes.decide(
            uuid=change, approve=approve, reason=form.cleaned_data["reason"], me=me, at=clock.now(), ip=client_ip(request)
        )
    except DomainError as error:
        if error.status != HTTPStatus.CONFLICT:
            form.add_error(None, str(error.message))
            return _detail(request, me, changes.one(change), form, status=error.status)
        return _detail(request, me, changes.one(change), form, status=error.status, refused=str(error.message))
    messages.success(request, _("已批准，变更已生效。") if approve else _("已记录为不批准。"))
    return redirect("desk-change", change)


@require_POST
@desk_page(Role.SYSTEM, Role.SECURITY)
def withdraw(request: HttpRequest, me: Me, change: UUID) -> HttpResponse:
    """Take back one's own."""
    changes.withdraw(uuid=change, me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("申请已撤回。"))
    return redirect("desk-change", change)


def change_queues(me: Me) -> list[Queue]:
    """Return the changes that wait for this office."""
    if me.role not in changes.OTHER:
        return []
    return [Queue(_("待审批的权限变更"), people.waiting(me.role), reverse("desk-changes"), _("由另一岗位的管理员提出"))]
