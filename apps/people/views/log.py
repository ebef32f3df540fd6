"""The enterprise's own log: what its people and the platform did here, for the owner and the auditor. The platform's log is another page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.people import access, managing
from apps.people.models import Manager
from apps.people.permissions import Permission
from apps.people.views.people import number
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit

DAYS = 30
"""How far back a search goes that names no day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words. ``moved``: 输入, 输出 or nothing."""

    row: Any
    action: str
    who: str
    result: str
    tone: str
    moved: str
    what: str


@require_GET
@access.manager_page(Permission.LOG_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List events, newest first; every filter lives in the address."""
    get = request.GET
    first, last = _span(get)
    refusal: DomainError | None = None
    try:
        found = audit.search(_wanted(get, first, last), after=get.get("after", ""))
    except DomainError as error:
        found, refusal = audit.Found([], "", 0), error
    values = {
        "lines": _lines(found.rows),
        "after": found.after,
        "count": min(found.count, audit.MOST_COUNTED),
        "is_more": found.is_more,
        "refusal": refusal,
        "since": first,
        "until": last,
        "managers": managing.managers(),
        "results": [(key, words) for key, words, _tone in audit.RESULTS],
        "chosen": get,
    }
    return render(request, "people/log.html", values, status=refusal.status if refusal else 200)


def _span(get: Mapping[str, str]) -> tuple[date, date]:
    today = clock.shanghai_date(clock.now())
    last = _day(get.get("until", "")) or today
    first = _day(get.get("since", "")) or last - timedelta(days=DAYS - 1)
    return min(first, last), max(first, last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _wanted(get: Mapping[str, str], first: date, last: date) -> audit.Wanted:
    by = number(get.get("by"), 0)
    moved = get.get("moved", "")
    wanted = audit.Wanted(
        since=clock.shanghai_midnight(first),
        until=clock.shanghai_midnight(last + timedelta(days=1)),
        actors=(f"manager:{by}",) if by else None,
        result=get["result"] if get.get("result") in {key for key, *_words in audit.RESULTS} else "",
        direction=moved if moved in {"ANY", "IN", "OUT"} else "",
    )
    found = audit.understood(get.get("q", ""), wanted)
    if found is not None:
        return found
    ids = Manager.objects.filter(name__icontains=get["q"].strip()).values_list("pk", flat=True)[:50]
    return audit.Wanted(wanted.since, wanted.until, actors=tuple(f"manager:{pk}" for pk in ids), result=wanted.result,
                        direction=wanted.direction)  # fmt: skip


def _lines(rows: Sequence[Any]) -> list[Line]:
    """Return the lines: one more query for the names of managers, those who left included. Learners stay numbers, as the log keeps them."""
    ids = {
        int(rest) for kind, _colon, rest in (row.actor.partition(":") for row in rows) if kind == "manager" and rest.isdecimal()
    }
    names = {f"manager:{pk}": name for pk, name in Manager.objects.filter(pk__in=ids).values_list("pk", "name")} if ids else {}
    ways = {key: str(words) for key, words in audit.DIRECTIONS}
    return [_line(row, names, ways) for row in rows]


def _line(row: Any, names: Mapping[str, str], ways: Mapping[str, str]) -> Line:
    result, tone = audit.result_words(row.result)
    who = names.get(row.actor) or (_("平台工作人员") if row.actor.startswith("operator:") else row.actor)
    reason = row.details.get("reason") or row.details.get("what") or ""
    return Line(row, audit.action_words(row.action), who, result, tone, ways.get(row.direction, ""), str(reason)[:80])
