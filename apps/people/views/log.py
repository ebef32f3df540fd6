"""The enterprise's own log: what its people and the platform did here, for the owner and the auditor. The platform's log is another page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.people import access, managing
from apps.people.models import Learner, Manager
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
    by = Manager.objects.filter(pk=number(get.get("by"), 0)).first()
    moved = get.get("moved", "")
    wanted = audit.Wanted(
        since=clock.shanghai_midnight(first),
        until=clock.shanghai_midnight(last + timedelta(days=1)),
        actors=_references([by] if by else []) if get.get("by", "").isdecimal() else None,
        result=get["result"] if get.get("result") in {key for key, *_words in audit.RESULTS} else "",
        direction=moved if moved in {"ANY", "IN", "OUT"} else "",
    )
    found = audit.understood(get.get("q", ""), wanted)
    if found is not None:
        return found
    return replace(wanted, actors=_references(Manager.objects.filter(name__icontains=get["q"].strip())[:50]))


def _references(managers: Iterable[Manager]) -> tuple[str, ...]:
    """Return how the log calls these: as managers, and as those who sign in."""
    return tuple(ref for row in managers for ref in (f"manager:{row.pk}", f"credential:{row.credential_id}"))


def _lines(rows: Sequence[Any]) -> list[Line]:
    """Return the lines: two more queries for the names of managers and learners, those who left included."""
    names = _names({row.actor for row in rows})
    ways = {key: str(words) for key, words in audit.DIRECTIONS}
    return [_line(row, names, ways) for row in rows]


def _names(references: Collection[str]) -> dict[str, str]:
    """Return the names behind ``manager:1``, ``learner:1`` and ``credential:1``; whoever is both is called as a manager."""
    said = [(kind, int(rest)) for kind, _colon, rest in (ref.partition(":") for ref in references) if rest.isdecimal()]
    ids = {kind: {pk for name, pk in said if name == kind} for kind in ("manager", "learner", "credential")}
    found: dict[str, str] = {}
    for kind, model in (("learner", Learner), ("manager", Manager)):
        about = Q(pk__in=ids[kind]) | Q(credential__in=ids["credential"])
        for pk, credential, name in model._default_manager.filter(about).values_list("pk", "credential", "name"):
            found |= {f"{kind}:{pk}": name, f"credential:{credential}": name}
    return found


def _line(row: Any, names: Mapping[str, str], ways: Mapping[str, str]) -> Line:
    result, tone = audit.result_words(row.result)
    who = names.get(row.actor) or (_("平台工作人员") if row.actor.startswith("operator:") else audit.reference_words(row.actor))
    reason = row.details.get("reason") or audit.exchanged_words(str(row.details.get("what", "")))
    return Line(row, audit.action_words(row.action), who, result, tone, ways.get(row.direction, ""), str(reason)[:80])
