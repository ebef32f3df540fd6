"""The desk of tickets; operations only. It shows the question and, of the enterprise, its name alone."""

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
from public.helpdesk import canned, diary, filing, locking, queries, roster, sealing, statistics
from public.helpdesk.diary import Desk, Kind
from public.helpdesk.forms import TicketForm
from public.helpdesk.models import Ticket, Urgency
from public.helpdesk.shapes import Contact, Draft
from public.helpdesk.views import actions
from public.operators import api as operators
from tenants.addresses import client_ip

PER_PAGE, MOST_LISTED, DAYS = 20, 5_000, 30
ROLE = operators.Role.OPERATIONS
_SPOKEN = "help_spoken"
"""Session key: the code of what was just written down on the phone, until its page was shown once."""


def desk_of(request: HttpRequest, me: operators.Me) -> Desk:
    """Return who works, when and from where."""
    return Desk(me, clock.now(), client_ip(request))


@require_GET
@operators.desk_page(ROLE, label=PERSONS)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List tickets by time left; every filter lives in the address, ``export=xlsx`` gives what is listed as a file."""
    get, at = request.GET, clock.now()
    chosen = {
        "text": get.get("q", "")[:60],
        "urgency": get.get("urgency", ""),
        "state": get.get("state", ""),
        "show": get.get("show", ""),
    }
    rows = queries.listing(**chosen, sort=get.get("sort", ""), me=me.credential_id, at=at)
    if get.get("export") == "xlsx":
        return _export(request, me, rows)
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {
        "page_title": _("帮助台"),
        "page": page,
        "lines": queries.lines(page, at=at),
        "urgencies": Urgency.choices,
        "states": Ticket.State.choices,
        "shows": _shows(),
        "chosen": get,
        "is_narrowed": any(chosen.values()),
        "totals": statistics.totals(since=at - timedelta(days=DAYS)),
        "days": DAYS,
        "duty": roster.on_duty(at),
    }
    return render(request, "helpdesk/desk/listing.html", {**operators.frame(request, me, "desk-help"), **values})


def _shows() -> list[tuple[str, str]]:
    return [
        (queries.MINE, _("我处理的")),
        (queries.UNANSWERED, _("首次答复超时")),
        (queries.LATE, _("超期")),
        (queries.SOON, _("临近时限")),
        (queries.UNHAPPY, _("评价不满意")),
    ]


def _export(request: HttpRequest, me: operators.Me, rows: Any) -> HttpResponse:
    """Give the list as a workbook, without contacts and texts; written into the audit log."""
    found = queries.lines(sheets.not_too_many(rows, MOST_LISTED), at=clock.now())
    heads = [
        _("编号"),
        _("问题"),
        _("紧急程度"),
        _("企业"),
        _("状态"),
        _("提问"),
        _("首次答复"),
        _("解决时限"),
        _("解决"),
        _("是否超期"),
        _("满意度"),
    ]
    cells = [
        [
            line.row.number, line.row.title, str(line.row.get_urgency_display()), line.enterprise, str(line.row.get_state_display()),
            _day(line.row.filed_at), _day(line.row.answered_at), _day(line.row.due_at), _day(line.row.solved_at),
            _("是") if line.is_late else _("否"), line.row.stars or "",
        ]
        for line in found
    ]  # fmt: skip
    diary.log(desk_of(request, me), "help.exported", target="tickets", rows=len(cells))
    response = HttpResponse(sheets.xlsx_file(_("求助"), heads, cells, label=PERSONS), content_type=sheets.XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{_('求助')}.xlsx") or ""
    return response


def _day(at: Any) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


@never_cache
@sensitive_post_parameters("title", "text", "name", "mobile")
@require_http_methods(["GET", "POST"])
@operators.desk_page(ROLE, label=PERSONS)
def enter(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """Write down what somebody asks on the phone; the next page shows number and code once, to be read out."""
    form = TicketForm(request.POST or None)
    if form.is_valid():
        got = form.cleaned_data
        draft = Draft(urgency=got["urgency"], title=got["title"], text=got["text"], contact=form.contact())
        try:
            receipt = filing.enter(draft=draft, desk=desk_of(request, me))
        except DomainError as refusal:
            put(form, refusal)
        else:
            request.session[_SPOKEN] = {"uuid": str(receipt.uuid), "code": receipt.code}
            return redirect("desk-help-ticket", receipt.uuid)
    values = {"page_title": _("电话登记"), "form": form}
    frame = operators.frame(request, me, "desk-help")
    return render(request, "helpdesk/desk/enter.html", {**frame, **values}, status=422 if form.errors else 200)


@never_cache
@require_GET
@operators.desk_page(ROLE, label=PERSONS)
def detail(request: HttpRequest, me: operators.Me, ticket: UUID) -> HttpResponse:
    """Show one ticket: what happened on the left, what can be done on the right."""
    return _detail(request, me, ticket)


@never_cache
@sensitive_post_parameters()
@require_POST
@operators.desk_page(ROLE, label=PERSONS)
def act(request: HttpRequest, me: operators.Me, ticket: UUID, action: str) -> HttpResponse:
    """Do one thing with a ticket; a refusal stands at its form."""
    wanted = actions.BY_NAME.get(action)
    if wanted is None:
        raise DomainError("unknown_action", _("页面已更新，请返回后重试。"), status=404)
    found = queries.detail(ticket, at=clock.now())
    form = actions.form_of(wanted, found, request.POST)
    if not form.is_valid():
        return _detail(request, me, ticket, bound=form, status=422)
    try:
        wanted.handle(ticket, form.cleaned_data, desk_of(request, me))
    except DomainError as refusal:
        if refusal.code == "forbidden":
            raise
        put(form, refusal)
        return _detail(request, me, ticket, bound=form, status=refusal.status)
    messages.success(request, _("已保存：%(what)s。") % {"what": wanted.title})
    return redirect("desk-help-ticket", ticket)


@never_cache
@require_POST
@operators.desk_page(ROLE, label=PERSONS)
def contact(request: HttpRequest, me: operators.Me, ticket: UUID) -> HttpResponse:
    """Show how to reach the asker, and write down that it was shown."""
    row = Ticket.objects.filter(uuid=ticket).first()
    if row is None:
        raise locking.not_found()
    diary.by_desk(row, Kind.CONTACT_SEEN, desk_of(request, me))
    return _detail(request, me, ticket, known=sealing.contact_of(row))


def _detail(
    request: HttpRequest, me: operators.Me, ticket: UUID, *, bound: Any = None, known: Contact | None = None, status: int = 200
) -> HttpResponse:
    found = queries.detail(ticket, at=clock.now())
    values = {
        "page_title": found.line.row.number,
        "found": found,
        "row": found.line.row,
        "contact": known or found.contact,
        "is_contact_open": known is not None,
        "code": _spoken(request, ticket),
        "steps": [{"at": s.at, "title": s.title, "text": s.text, "tone": s.tone} for s in found.steps],
        "offered": actions.offered(found, bound),
        "refused": bound.prefix if bound is not None else "",
        "canned": canned.ready(),
    }
    return render(request, "helpdesk/desk/ticket.html", {**operators.frame(request, me, "desk-help"), **values}, status=status)


def _spoken(request: HttpRequest, ticket: UUID) -> str:
    """Return the code that has to be read out to the caller, once."""
    known = request.session.get(_SPOKEN)
    if not known or known["uuid"] != str(ticket):
        return ""
    return str(request.session.pop(_SPOKEN)["code"])


def put(form: Any, refusal: DomainError) -> None:
    """Let a refusal stand at its field, or at the form."""
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
