"""The auditor's pages: who did what, which data came in and went out. Nobody else reads them, and reading is written down too."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.labels import Category, Level, label
from public.audit import api as audit
from public.operators import auditing, event_words
from public.operators.desk import Me, Queue, Role, desk_page, frame
from tenants.addresses import client_ip

LOG = label(Level.CORE, Category.SECURITY)
"""What the log carries."""
DAYS = 7
"""How far back a search goes that names no day."""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _span(get: Mapping[str, str]) -> tuple[date, date]:
    """Return the first and the last day that are searched; the days of Zhejiang."""
    today = clock.shanghai_date(clock.now())
    last = _day(get.get("until", "")) or today
    first = _day(get.get("since", "")) or last - timedelta(days=DAYS - 1)
    return min(first, last), max(first, last)


def wanted(get: Mapping[str, str], *, moved: bool) -> audit.Wanted:
    """Return what an address asks for. A text that is no reference is taken for the name of one of the platform's people."""
    first, last = _span(get)
    since, until = clock.shanghai_midnight(first), clock.shanghai_midnight(last + timedelta(days=1))
    way = get.get("direction", "")
    found = audit.Wanted(
        since=since,
        until=until,
        schema=auditing.schema_of(get.get("enterprise", "")),
        action=f"{room}." if (room := get.get("room", "")) in audit.ROOMS else "",
        result=get["result"] if get.get("result") in {key for key, *_words in audit.RESULTS} else "",
        direction=(way if way in {key for key, _words in audit.DIRECTIONS} else "ANY") if moved else "",
    )
    return auditing.understood(get.get("q", ""), found)


def _export_url(get: QueryDict, *, moved: bool) -> str:
    """Return the address that gives out what is listed."""
    asked = get.copy()
    asked.pop("after", None)
    if moved:
        asked["what"] = "exchanges"
    return f"{reverse('desk-audit-export')}?{asked.urlencode()}"


def _listing(request: HttpRequest, me: Me, *, moved: bool) -> HttpResponse:
    get = request.GET
    first, last = _span(get)
    refusal: DomainError | None = None
    try:
        found = audit.search(wanted(get, moved=moved), after=get.get("after", ""))
    except DomainError as error:
        found, refusal = audit.Found([], "", 0), error
    if any(get.get(key) for key in ("q", "enterprise", "room", "result", "direction", "since", "until")) and not get.get("after"):
        auditing.note_search(me, get, at=clock.now(), ip=client_ip(request))
    context = {
        "page_title": _("数据交换日志") if moved else _("操作日志"),
        "lines": auditing.lines(found.rows),
        "after": found.after,
        "count": min(found.count, audit.MOST_COUNTED),
        "is_more": found.is_more,
        "refusal": refusal,
        "since": first,
        "until": last,
        "rooms": sorted(audit.ROOMS.items(), key=lambda item: str(item[1])),
        "results": [(key, words) for key, words, _tone in audit.RESULTS],
        "directions": audit.DIRECTIONS,
        "chosen": get,
        "moved": moved,
        "export_url": _export_url(get, moved=moved),
        "verified": auditing.last_verification(),
    }
    context["sealed"], context["sealed_at"] = audit.state()
    template = "desk/exchanges.html" if moved else "desk/audit.html"
    active = "desk-exchanges" if moved else "desk-audit"
    return render(request, template, {**frame(request, me, active), **context}, status=refusal.status if refusal else 200)


def audit_queues(me: Me) -> list[Queue]:
    """Return what the auditor has to see at once: a log that is not as it was sealed."""
    if me.role != Role.AUDIT:
        return []
    last = auditing.last_verification()
    count = int(last.details.get("problems", 0)) if last else 0
    return [Queue(_("日志与封存不一致"), count, f"{reverse('desk-audit')}?q=audit.verified", _("每天自动与库外封存核对"))]


@require_GET
@desk_page(Role.AUDIT, label=LOG)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List events, newest first; every filter lives in the address."""
    return _listing(request, me, moved=False)


@require_GET
@desk_page(Role.AUDIT, label=LOG)
def exchanges(request: HttpRequest, me: Me) -> HttpResponse:
    """List what came in and went out."""
    return _listing(request, me, moved=True)


@require_GET
@desk_page(Role.AUDIT, label=LOG)
def detail(request: HttpRequest, me: Me, event: UUID, moment: str) -> HttpResponse:
    """Show one event: who, when, from where, what was before and after, and what else the same request did."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise DomainError("not_found", _("没有找到这条记录。"), status=404)
    row = audit.one(event, at=at)
    together: list[Any] = []
    if row.trace:
        span = audit.Wanted(trace=row.trace, since=at - timedelta(days=1), until=at + timedelta(days=1))
        together = [other for other in audit.search(span, counted=False).rows if other.uuid != row.uuid]
    auditing.note_seen(me, row, at=clock.now(), ip=client_ip(request))
    context = {
        "page_title": _("日志详情"),
        "line": auditing.lines([row])[0],
        "differences": event_words.differences(row),
        "facts": event_words.facts(row),
        "together": auditing.lines(together),
    }
    return render(request, "desk/audit_event.html", {**frame(request, me, "desk-audit"), **context})


@require_GET
@desk_page(Role.AUDIT, label=LOG)
def export(request: HttpRequest, me: Me) -> HttpResponse:
    """Give out what was found as a workbook with label and watermark; at most 10,000 lines, and the log notes its digest."""
    moved = request.GET.get("what") == "exchanges"
    made = auditing.workbook(
        wanted(request.GET, moved=moved), moved=moved, label=LOG, me=me, at=clock.now(), ip=client_ip(request)
    )
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
    response["Cache-Control"] = "no-store"
    return response
