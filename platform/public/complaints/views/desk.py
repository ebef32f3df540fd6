"""The desk of complaints; operations only. It shows the case; of the enterprise only its name, unless access was granted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.complaints import access, diary, filing, locking, queries, sealing, statistics
from public.complaints.diary import Desk, Kind
from public.complaints.forms import FilingForm
from public.complaints.models import Category, Complaint
from public.complaints.shapes import Contact, Draft
from public.complaints.views import actions
from public.operators import api as operators
from tenants.addresses import client_ip

PER_PAGE, MOST_LISTED, DAYS = 20, 5_000, 90
_ROLE = operators.Role.OPERATIONS
_SPOKEN = "complaint_spoken"
"""Session key: the code of what was just written down on the phone, until its page was shown once."""


def desk_of(request: HttpRequest, me: operators.Me) -> Desk:
    """Return who works, when and from where."""
    return Desk(me, clock.now(), client_ip(request))


@require_GET
@operators.desk_page(_ROLE, label=PERSONS)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List complaints by time left; every filter lives in the address, ``export=xlsx`` gives what is listed as a file."""
    get, at = request.GET, clock.now()
    chosen = {
        "text": get.get("q", "")[:60],
        "category": get.get("category", ""),
        "state": get.get("state", ""),
        "show": get.get("show", ""),
    }
    rows = queries.listing(**chosen, sort=get.get("sort", ""), me=me.credential_id, at=at)
    if get.get("export") == "xlsx":
        return _export(request, me, rows)
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {
        "page_title": _("投诉"),
        "page": page,
        "lines": queries.lines(page, at=at),
        "categories": Category.choices,
        "states": Complaint.State.choices,
        "shows": _shows(),
        "chosen": get,
        "is_narrowed": any(chosen.values()),
        "totals": statistics.totals(since=at - timedelta(days=DAYS)),
        "days": DAYS,
    }
    return render(request, "complaints/listing.html", {**operators.frame(request, me, "desk-complaints"), **values})


def _shows() -> list[tuple[str, str]]:
    return [
        (queries.MINE, _("我承办的")),
        (queries.UNANSWERED, _("首次答复超时")),
        (queries.LATE, _("超期")),
        (queries.SOON, _("临近期限")),
        (queries.APPROVE, _("待批准")),
    ]


def _export(request: HttpRequest, me: operators.Me, rows: Any) -> HttpResponse:
    """Give the list as a workbook, without contacts and without texts of complaints; written into the audit log."""
    at = clock.now()
    found = queries.lines(sheets.not_too_many(rows, MOST_LISTED), at=at)
    heads = [
        _("编号"),
        _("类别"),
        _("事项"),
        _("企业"),
        _("状态"),
        _("结果"),
        _("提交"),
        _("期限"),
        _("办结"),
        _("是否超期"),
        _("满意度"),
    ]
    cells = [
        [
            line.row.number, str(line.row.get_category_display()), line.row.title, line.enterprise, str(line.row.get_state_display()),
            str(line.row.get_outcome_display()) if line.row.outcome else "", _day(line.row.filed_at), _day(line.row.due_at),
            _day(line.row.decided_at), _("是") if line.is_late else _("否"), line.row.stars or "",
        ]
        for line in found
    ]  # fmt: skip
    desk = desk_of(request, me)
    diary.log(desk, "complaint.exported", target="complaints", rows=len(cells))
    response = HttpResponse(sheets.xlsx_file(_("投诉"), heads, cells, label=PERSONS), content_type=sheets.XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{_('投诉')}.xlsx") or ""
    return response


def _day(at: Any) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


@never_cache
@sensitive_post_parameters("name", "mobile", "mail", "text")
@require_http_methods(["GET", "POST"])
@operators.desk_page(_ROLE, label=PERSONS)
def enter(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """Write down a complaint made on the phone; the next page shows number and code once, to be read out."""
    form = FilingForm(request.POST or None, with_company=True)
    if form.is_valid():
        got = form.cleaned_data
        draft = Draft(category=got["category"], title=got["title"], text=form.whole_text(), contact=form.contact())
        try:
            receipt = filing.enter(draft=draft, desk=desk_of(request, me))
        except DomainError as refusal:
            _put(form, refusal)
        else:
            request.session[_SPOKEN] = {"uuid": str(receipt.uuid), "code": receipt.code}
            return redirect("desk-complaint", receipt.uuid)
    values = {"page_title": _("电话登记"), "form": form}
    frame = operators.frame(request, me, "desk-complaints")
    return render(request, "complaints/enter.html", {**frame, **values}, status=422 if form.errors else 200)


@never_cache
@require_GET
@operators.desk_page(_ROLE, label=PERSONS)
def detail(request: HttpRequest, me: operators.Me, complaint: UUID) -> HttpResponse:
    """Show one complaint: what happened on the left, what can be done on the right."""
    return _detail(request, me, complaint)


@never_cache
@sensitive_post_parameters()
@require_POST
@operators.desk_page(_ROLE, label=PERSONS)
def act(request: HttpRequest, me: operators.Me, complaint: UUID, action: str) -> HttpResponse:
    """Do one thing with a complaint; a refusal stands at its form."""
    wanted = actions.BY_NAME.get(action)
    if wanted is None:
        raise DomainError("unknown_action", _("页面已更新，请返回后重试。"), status=404)
    found = queries.detail(complaint, at=clock.now())
    form = actions.form_of(wanted, found, request.POST)
    if not form.is_valid():
        return _detail(request, me, complaint, bound=form, status=422)
    try:
        wanted.handle(complaint, form.cleaned_data, desk_of(request, me))
    except DomainError as refusal:
        if refusal.code == "forbidden":
            raise
        _put(form, refusal)
        return _detail(request, me, complaint, bound=form, status=refusal.status)
    messages.success(request, _("已保存：%(what)s。") % {"what": wanted.title})
    return redirect("desk-complaint", complaint)


@never_cache
@require_POST
@operators.desk_page(_ROLE, label=PERSONS)
def contact(request: HttpRequest, me: operators.Me, complaint: UUID) -> HttpResponse:
    """Show how to reach the complainant, and write down that it was shown."""
    row = Complaint.objects.filter(uuid=complaint).first()
    if row is None:
        raise locking.not_found()
    diary.by_desk(row, Kind.CONTACT_SEEN, desk_of(request, me))
    return _detail(request, me, complaint, known=sealing.contact_of(row))


@require_POST
@operators.desk_page(_ROLE, label=PERSONS)
def consent(request: HttpRequest, me: operators.Me, complaint: UUID, grant: UUID, what: str) -> HttpResponse:
    """Give leave to read a record, refuse it, or end it."""
    desk = desk_of(request, me)
    try:
        if what == "end":
            access.end(grant=grant, desk=desk)
        else:
            access.decide(grant=grant, allow=what == "allow", desk=desk)
    except DomainError as refusal:
        if refusal.code in {"forbidden", "not_found"}:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已保存。"))
    return redirect("desk-complaint", complaint)


@never_cache
@require_GET
@operators.desk_page(_ROLE, label=PERSONS)
def record(request: HttpRequest, me: operators.Me, complaint: UUID, grant: UUID) -> HttpResponse:
    """Show the complainant's record in the enterprise, while leave lasts; each look is written down there too."""
    blocks = access.read(grant=grant, desk=desk_of(request, me))
    found = queries.detail(complaint, at=clock.now())
    values = {"page_title": _("调阅记录"), "blocks": blocks, "found": found, "grant": grant}
    return render(request, "complaints/record.html", {**operators.frame(request, me, "desk-complaints"), **values})


def _detail(
    request: HttpRequest,
    me: operators.Me,
    complaint: UUID,
    *,
    bound: Any = None,
    known: Contact | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    found = queries.detail(complaint, at=at)
    values = {
        "page_title": found.line.row.number,
        "found": found,
        "row": found.line.row,
        "contact": known or found.contact,
        "is_contact_open": known is not None,
        "code": _spoken(request, complaint),
        "steps": [{"at": s.at, "title": s.title, "text": s.text, "tone": s.tone} for s in found.steps],
        "offered": actions.offered(found, me, bound),
        "refused": bound.prefix if bound is not None else "",
        "grants": [(one, found.names.get(one.asked_by, ""), one.holds(at)) for one in found.grants],
    }
    return render(request, "complaints/detail.html", {**operators.frame(request, me, "desk-complaints"), **values}, status=status)


def _spoken(request: HttpRequest, complaint: UUID) -> str:
    """Return the code that has to be read out to the caller, once."""
    known = request.session.get(_SPOKEN)
    if not known or known["uuid"] != str(complaint):
        return ""
    return str(request.session.pop(_SPOKEN)["code"])


def _put(form: Any, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
