"""Messages of a learner and of a manager: one set of pages, shown on either side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.people import access
from apps.people.notify import inbox
from apps.people.notify.inbox import Reader
from apps.people.permissions import Permission
from infra.kit import clock
from infra.kit.errors import DomainError

PAGE = 20


@dataclass(frozen=True, slots=True)
class Side:
    """Where the reader stands: frame of the page, names of its routes, whose notices."""

    audience: str
    frame: str
    prefix: str
    reader: Callable[[HttpRequest], Reader]

    def url(self, tail: str = "") -> str:
        """Return the address of a page of this side: "" the list, ``read``, ``undo``, ``choices``, ``mail``, ``mobile``."""
        return reverse(f"{self.prefix}-{tail}" if tail else self.prefix)


def _as_learner(request: HttpRequest) -> Reader:
    who = access.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return Reader(learner_id=who.id)


def _as_manager(request: HttpRequest) -> Reader:
    return Reader(manager_id=access.manager_of(request).id)


LEARN = Side("learner", "ui/learner.html", "learn-messages", _as_learner)
CONSOLE = Side("manager", "ui/console.html", "console-messages", _as_manager)


@require_GET
@access.learner_page
def learn_list(request: HttpRequest) -> HttpResponse:
    """List the learner's messages."""
    return _listing(request, LEARN)


@require_GET
@access.manager_page(Permission.CONSOLE)
def console_list(request: HttpRequest) -> HttpResponse:
    """List the manager's messages."""
    return _listing(request, CONSOLE)


@require_GET
@access.learner_page
def learn_open(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Go where a message leads; it is read then."""
    return _open(request, LEARN, notice)


@require_GET
@access.manager_page(Permission.CONSOLE)
def console_open(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Go where a message leads; it is read then."""
    return _open(request, CONSOLE, notice)


@require_POST
@access.learner_page
def learn_read(request: HttpRequest) -> HttpResponse:
    """Mark one message or all as read."""
    return _read(request, LEARN)


@require_POST
@access.manager_page(Permission.CONSOLE)
def console_read(request: HttpRequest) -> HttpResponse:
    """Mark one message or all as read."""
    return _read(request, CONSOLE)


@require_POST
@access.learner_page
def learn_undo(request: HttpRequest) -> HttpResponse:
    """Make those unread again that were just marked."""
    return _undo(request, LEARN)


@require_POST
@access.manager_page(Permission.CONSOLE)
def console_undo(request: HttpRequest) -> HttpResponse:
    """Make those unread again that were just marked."""
    return _undo(request, CONSOLE)


def _listing(request: HttpRequest, side: Side) -> HttpResponse:
    """Filters and page live in the address; ``undo`` and ``n`` are what was just marked."""
    reader, get = side.reader(request), request.GET
    chosen = {"kind": get.get("kind", "")[:40], "unread": "1" if get.get("unread") == "1" else ""}
    rows = inbox.listing(reader, unread_only=bool(chosen["unread"]), kind=chosen["kind"])
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    marked = get.get("n", "")
    values = {
        "side": side,
        "frame": side.frame,
        "page": page,
        "items": [inbox.item(row) for row in page],
        "kinds": inbox.kinds_of(reader),
        "chosen": chosen,
        "unread": inbox.unread(reader),
        "undo": get.get("undo", "") if _moment(get.get("undo")) and marked.isdigit() else "",
        "marked": int(marked) if marked.isdigit() and len(marked) < 6 else 0,
        "urls": {name: side.url(name) for name in ("read", "undo", "choices")},
        "list_url": side.url(),
        "open_route": f"{side.prefix}-open",
    }
    return render(request, "people/notices/inbox.html", values)


def _open(request: HttpRequest, side: Side, notice: UUID) -> HttpResponse:
    url = inbox.open_notice(side.reader(request), notice, at=clock.now())
    return redirect(url or side.url())


def _read(request: HttpRequest, side: Side) -> HttpResponse:
    at, asked = clock.now(), request.POST.get("notice", "")
    done = inbox.mark_read(side.reader(request), notices=[_uuid(asked)] if asked else None, at=at)
    marked = urlencode({"undo": at.isoformat(), "n": str(done)})
    return redirect(f"{side.url()}?{marked}" if done else side.url())


def _undo(request: HttpRequest, side: Side) -> HttpResponse:
    if (at := _moment(request.POST.get("at"))) is not None:
        inbox.undo(side.reader(request), at=at)
    return redirect(side.url())


def _moment(text: str | None) -> datetime | None:
    try:
        found = parse_datetime(text or "")
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError("not_found", _("没有找到这条消息，可能已过保存期。请回到消息列表。"), status=404) from error
