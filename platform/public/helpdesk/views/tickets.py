"""Pages of askers: hand a question over to a person, follow it, rate it.

On an enterprise's site who is signed in sees the own questions; on the platform's site a browser sees those it asked itself or opened
by number and code.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.helpdesk import filing, following, promises, queries
from public.helpdesk.forms import RatingForm, ReopenForm, ReplyForm, TicketForm, TrackForm
from public.helpdesk.models import Ticket
from public.helpdesk.shapes import Draft, Lost
from public.helpdesk.views import visitor
from public.helpdesk.views.visitor import Visitor
from tenants.addresses import client_ip
from tenants.api import platform_scope

_CODE = "help_code"
"""Session key: number and code of what was just asked, until the asker says that it is noted down."""
_MOST_LISTED = 50


def _to_sign_in(request: HttpRequest, who: Visitor) -> HttpResponseBase | None:
    """Send strangers on an enterprise's site to sign in."""
    if who.may_ask:
        return None
    target = f"/sign-in?next={request.path}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


@never_cache
@sensitive_post_parameters("title", "text", "name", "mobile")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Take a question. Posted with ``begin`` it only shows the form with the words of the question that was searched for."""
    who = visitor.visitor(request)
    if (away := _to_sign_in(request, who)) is not None:
        return away
    is_begun = request.method == "GET" or "begin" in request.POST
    initial = {"title": request.POST.get("title", "")[:80], "page": visitor.page_of(request)}
    form = (
        TicketForm(initial=initial, is_known=who.person is not None)
        if is_begun
        else TicketForm(request.POST, is_known=who.person is not None)
    )
    if form.is_bound and form.is_valid():
        try:
            return _file(request, who, form)
        except DomainError as refusal:
            _put(form, refusal)
    with platform_scope():
        hours = promises.holding(clock.shanghai_date(clock.now()))
    values = {"page_title": _("转人工客服"), "form": form, "hours": hours}
    return render(request, "helpdesk/new.html", {**visitor.frame(request, who), **values}, status=422 if form.errors else 200)


def _file(request: HttpRequest, who: Visitor, form: TicketForm) -> HttpResponse:
    got, person = form.cleaned_data, who.person
    draft = Draft(
        urgency=got["urgency"], title=got["title"], text=got["text"], contact=form.contact(),
        schema_name=who.schema_name, filer=person.filer if person else Ticket.Filer.PUBLIC, asker=person.asker if person else "",
        page=visitor.page_of(request),
    )  # fmt: skip
    with platform_scope():
        receipt = filing.file(draft=draft, at=clock.now(), ip=client_ip(request))
    if person is None:
        visitor.open_here(request, receipt.uuid)
        request.session[_CODE] = {"ticket": str(receipt.uuid), "code": receipt.code}
    return redirect("help-ticket", receipt.uuid)


@never_cache
@require_GET
def listing(request: HttpRequest) -> HttpResponseBase:
    """List the own questions."""
    who = visitor.visitor(request)
    if (away := _to_sign_in(request, who)) is not None:
        return away
    known = visitor.opened(request)
    with platform_scope():
        if who.person is not None:
            rows = list(queries.of_asker(who.schema_name, who.person.asker)[:_MOST_LISTED])
        else:
            rows = list(Ticket.objects.filter(uuid__in=known, asker="").order_by("-filed_at"))
    return render(request, "helpdesk/tickets.html", {**visitor.frame(request, who), "page_title": _("我的提问"), "rows": rows})


@never_cache
@require_GET
def ticket(request: HttpRequest, ticket: UUID) -> HttpResponseBase:
    """Show one of the own questions."""
    who = visitor.visitor(request)
    if (away := _to_sign_in(request, who)) is not None:
        return away
    return _ticket(request, who, ticket)


_FORMS: dict[str, Any] = {"reply": ReplyForm, "rate": RatingForm, "reopen": ReopenForm}


@never_cache
@sensitive_post_parameters("text", "words")
@require_POST
def act(request: HttpRequest, ticket: UUID, action: str) -> HttpResponseBase:
    """Add words, say that it is solved or is not, rate."""
    who, at = visitor.visitor(request), clock.now()
    if (away := _to_sign_in(request, who)) is not None:
        return away
    mine = visitor.owner(request, who, ticket)
    with platform_scope():
        queries.view(ticket, at=at, **mine)
    if action != "settle" and action not in _FORMS:
        raise DomainError("unknown_action", _("页面已更新，请返回后重试。"), status=404)
    form = _FORMS[action](request.POST) if action in _FORMS else None
    if form is not None and not form.is_valid():
        return _ticket(request, who, ticket, **{action: form}, status=422)
    said: dict[str, Any] = form.cleaned_data if form else {}
    try:
        with platform_scope():
            _do(action, ticket, said, at)
    except DomainError as refusal:
        if form is None or refusal.status not in {409, 422, 429}:
            raise
        if refusal.status == HTTPStatus.CONFLICT:  # it has gone on meanwhile, and the form is no longer there
            return _ticket(request, who, ticket, status=refusal.status, lost=Lost.of(refusal, said))
        _put(form, refusal)
        return _ticket(request, who, ticket, **{action: form}, status=refusal.status)
    return redirect("help-ticket", ticket)


def _do(action: str, ticket: UUID, said: dict[str, Any], at: Any) -> None:
    if action == "reply":
        following.reply(ticket=ticket, text=said["text"], at=at)
    elif action == "rate":
        following.rate(ticket=ticket, stars=said["stars"], text=said["words"], at=at)
    elif action == "reopen":
        following.reopen(ticket=ticket, text=said["text"], at=at)
    else:
        following.settle(ticket=ticket, at=at)


def _ticket(
    request: HttpRequest, who: Visitor, ticket: UUID, *, status: int = 200, lost: Lost | None = None, **forms: Any
) -> HttpResponse:
    mine = visitor.owner(request, who, ticket)
    with platform_scope():
        found = queries.view(ticket, at=clock.now(), **mine)
    known = request.session.get(_CODE) or {}
    values = {
        "page_title": found.title,
        "ticket": found,
        "lost": lost,
        "code": known.get("code", "") if known.get("ticket") == str(ticket) else "",
        "steps": [{"at": s.at, "title": s.title, "text": s.text, "tone": s.tone} for s in found.steps],
        **{name: forms.get(name) or form() for name, form in _FORMS.items()},
    }
    return render(request, "helpdesk/ticket.html", {**visitor.frame(request, who), **values}, status=status)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Open a question by number and code, on the platform's site."""
    form, status = TrackForm(request.POST or None), 200
    if form.is_valid():
        try:
            with platform_scope():
                row = following.open_ticket(**form.cleaned_data, ip=client_ip(request))
        except DomainError as refusal:
            _put(form, refusal)
            status = refusal.status
        else:
            visitor.open_here(request, row.uuid)
            return redirect("help-ticket", row.uuid)
    status = 422 if form.errors and status == 200 else status
    values = {"page_title": _("查询提问"), "form": form}
    return render(request, "helpdesk/track.html", {**visitor.frame(request, visitor.visitor(request)), **values}, status=status)


@require_POST
def noted(request: HttpRequest) -> HttpResponse:
    """Forget the code: the asker has noted it down."""
    known = request.session.pop(_CODE, None)
    return redirect("help-ticket", known["ticket"]) if known else redirect("help-tickets")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close what was opened on this device, which may be somebody else's."""
    request.session.pop(_CODE, None)
    request.session.pop(visitor.OPENED, None)
    return redirect("help")


def _put(form: Any, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
