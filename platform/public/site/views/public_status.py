"""The public status page: how it is now, how it was, what was said."""

from datetime import datetime
from typing import TypedDict

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from infra.kit import clock
from infra.kit.shapes import shape
from public.site.status import queries, rules

_KEPT_S, _SHOWN, _GAPS = 30, 20, 10


class Gathered(TypedDict):
    """What the page and the interface tell of what was measured."""

    at: datetime
    lines: list[queries.Line]
    months: list[queries.Month]
    year: rules.Uptime
    overall: str
    gaps: list[rules.Span]


def overall(lines: list[queries.Line]) -> str:
    """Return ``ok``, ``partly``, ``down`` or ``unknown`` for the whole."""
    states = {line.component: line.works for line in lines}
    core = [states[one] for one in rules.CORE]
    if all(one is None for one in core):
        return "unknown"
    if all(one is False for one in core) or states["WEB"] is False or states["DATABASE"] is False:
        return "down"
    return "ok" if all(one is not False for one in states.values()) else "partly"


def gathered() -> Gathered:
    """Return lines, months and the newest gaps; kept for half a minute, for strangers may ask often."""
    key = f"platform:status-page:{shape(Gathered)}:{get_language()}"
    try:
        found: Gathered | None = cache.get(key)
    except RedisError:
        found = None
    if found is None:
        at = clock.now()
        lines = queries.lines(at=at)
        months = queries.months(at=at)
        year = sum((month.uptime for month in months), start=rules.Uptime())
        found = {
            "at": at,
            "lines": lines,
            "months": months,
            "year": year,
            "overall": overall(lines),
            "gaps": queries.gaps(at=at)[: -_GAPS - 1 : -1],
        }
        try:
            cache.set(key, found, _KEPT_S)
        except RedisError:
            return found
    return found


@require_GET
@cache_control(public=True, max_age=30)
def status(request: HttpRequest) -> HttpResponse:
    """Show everything."""
    at = clock.now()
    rows = list(queries.incidents()[:_SHOWN])
    context = {
        **gathered(),
        "running": [row for row in rows if row.is_open(at)],
        "coming": [row for row in rows if row.is_coming(at)],
        "over": [row for row in rows if row.is_off or (row.ends_at is not None and row.ends_at <= at)],
        "promised": f"{rules.PROMISED * 100:.1f}",
        "days": queries.DAYS,
    }
    return render(request, "site/status/status.html", context)


@require_GET
@cache_control(public=True, max_age=30)
def status_json(request: HttpRequest) -> JsonResponse:
    """Give the same for machines: whoever copies it elsewhere has what is said of today, too."""
    found, at = gathered(), clock.now()
    told = [row for row in queries.incidents()[:_SHOWN] if row.is_open(at) or row.is_coming(at)]
    return JsonResponse(
        {
            "at": found["at"].isoformat(),
            "status": found["overall"],
            "components": [{"id": line.component, "works": line.works} for line in found["lines"]],
            "incidents": [
                {
                    "kind": row.kind, "title": row.shown_title, "components": row.components, "starts_at": row.starts_at.isoformat(),
                    "ends_at": row.ends_at.isoformat() if row.ends_at else None, "said": [word.shown_text for word in row.words.all()],
                }
                for row in told
            ],
            "promised": rules.PROMISED,
            "gaps": [{"start": gap.start.isoformat(), "end": gap.end.isoformat()} for gap in found["gaps"]],
            "year": {"minutes": found["year"].minutes, "down": found["year"].down},
            "months": [
                {
                    "month": f"{month.first:%Y-%m}", "minutes": month.uptime.minutes, "up": month.uptime.up,
                    "unmeasured": month.uptime.unmeasured, "planned": month.uptime.planned, "running": month.is_running,
                }
                for month in found["months"]
            ],
        }
    )  # fmt: skip
