"""The manager's desk of requests about personal data: what waits by its end, what was answered, and the answer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.people import access
from apps.people.models import PrivacyRequest
from apps.people.permissions import Permission
from apps.people.privacy import correcting, deciding, erasing, queries, rules
from apps.people.privacy.forms import DecisionForm
from infra.kit import clock, marking, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.privacy import api as notices
from tenants.addresses import client_ip

PAGE = 20
MOST_LISTED = 5_000
_NEEDS = Permission.PRIVACY_DECIDE


@require_GET
@access.manager_page(_NEEDS)
def listing(request: HttpRequest) -> HttpResponse:
    """List requests; every filter lives in the address, ``export=xlsx`` gives what is listed as a file."""
    asked = {"text": request.GET.get("q", "")[:60], "kind": request.GET.get("kind", ""), "state": request.GET.get("state", "")}
    rows, at = queries.listing(**asked, within=access.within(request)), clock.now()
    if request.GET.get("export") == "xlsx":
        return _export(request, rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kinds = [choice for choice in PrivacyRequest.Kind.choices if choice[0] != PrivacyRequest.Kind.EXPORT]
    values = {
        "page": page,
        "lines": [(row, rules.spent(row.at, row.due_at, at) if row.is_waiting else None) for row in page],
        "kinds": kinds,
        "states": [(state, PrivacyRequest.State(state).label) for state in queries.ANSWERED],
        "chosen": request.GET,
        "is_narrowed": any(asked.values()),
        "rule": notices.rule(clock.shanghai_date(at)),
    }
    return render(request, "people/privacy/desk.html", values)


@require_http_methods(["GET", "POST"])
@never_cache
@access.manager_page(_NEEDS)
def item(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request with what granting it would do, and take the answer."""
    at, own = clock.now(), _own(request)
    row = queries.one(request_id, within=access.within(request))
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deciding.decide(
                uuid=request_id,
                approved=form.cleaned_data["decision"] == "approve",
                reason=form.cleaned_data["reason"],
                by=access.manager_of(request).id,
                own=own,
                at=at,
                ip=client_ip(request),
                within=access.within(request),
            )
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("已答复，本人会收到通知。"))
            return redirect("console-privacy-request", request_id)
    values = {
        "row": row,
        "form": form,
        "spent": rules.spent(row.at, row.due_at, at),
        "compared": correcting.compared(row) if row.is_waiting and row.kind == PrivacyRequest.Kind.CORRECTION else [],
        "fields": [rules.CORRECTABLE.get(name, name) for name in row.fields],
        "outlook": erasing.outlook(row.learner, at=at) if row.is_waiting and row.kind == PrivacyRequest.Kind.ERASURE else None,
        "is_mine": own == row.learner_id,
    }
    return render(request, "people/privacy/request.html", values, status=422 if form.errors else 200)


def _export(request: HttpRequest, rows: QuerySet[PrivacyRequest]) -> HttpResponse:
    heads = [_("学员"), _("部门"), _("请求"), _("提出时间"), _("答复期限"), _("结果"), _("答复时间"), _("答复人"), _("理由")]
    lines = (_line(row) for row in sheets.not_too_many(rows, MOST_LISTED))
    answer = HttpResponse(sheets.xlsx_file(_("个人信息请求"), heads, lines, label=marking.PERSONS), content_type=sheets.XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{_('个人信息请求台账')}.xlsx") or "attachment"
    answer["Cache-Control"] = "private, no-store"
    who = f"manager:{access.manager_of(request).id}"
    audit.record("privacy.listed", actor=who, target="privacy", at=clock.now(), ip=client_ip(request))
    return answer


def _line(row: PrivacyRequest) -> list[str]:
    kind, state = str(PrivacyRequest.Kind(row.kind).label), str(PrivacyRequest.State(row.state).label)
    decided_by = row.decided_by.name if row.decided_by else ""
    unit = row.learner.unit.name if row.learner.unit else ""
    return [
        row.learner.name,
        unit,
        kind,
        _moment(row.at),
        _moment(row.due_at),
        state,
        _moment(row.decided_at),
        decided_by,
        row.reason,
    ]


def _moment(at: datetime | None) -> str:
    return at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _own(request: HttpRequest) -> int | None:
    """Return the manager's own id as a learner."""
    who = access.profile(request).learner
    return who.id if who else None
