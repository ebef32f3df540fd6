"""Pages of operations: the live board of all enterprises and the replay of one sitting. Names are masked."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from infra.kit import clock
from infra.kit.marking import PERSONS
from public.monitor import words
from public.monitor.board import MANY_BESIDE, PER_PAGE, SILENT, Live, board, sitting
from public.monitor.replay import replay
from public.operators import api as operators

REFRESH_S = 5
"""How often an open board asks again (decision 0037)."""


@require_GET
@never_cache
@operators.desk_page(operators.Role.OPERATIONS, label=PERSONS)
def live(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List who studies now; every filter lives in the address, the list asks again by itself."""
    get, at = request.GET, clock.now()
    number = int(get.get("page", "1")) if get.get("page", "1").isdecimal() else 1
    found = board(text=get.get("q", ""), show=get.get("show", ""), sort=get.get("sort", ""), number=number, at=at)
    values = {
        "page_title": _("学习监控"),
        "board": found,
        "lines": [_line(row, at) for row in found.rows],
        "page": Paginator(range(found.found), PER_PAGE).get_page(found.number),
        "chosen": get,
        "refresh_s": REFRESH_S,
        "at": at,
    }
    return render(request, "monitor/board.html", {**operators.frame(request, me, "desk-monitor"), **values})


def _line(row: Live, at: object) -> dict[str, object]:
    codes = [*row.codes, *(["shared_ip"] if row.beside >= MANY_BESIDE else [])]
    return {
        "row": row,
        "state": words.state_name(row.state),
        "is_silent": row.state == "playing" and at - row.last_at > SILENT,  # type: ignore[operator]
        "signals": [(words.signal_name(code), words.signal_text(code)) for code in codes],
        "is_alert": row.score >= words.ALERT_SCORE,
    }


@require_GET
@never_cache
@operators.desk_page(operators.Role.OPERATIONS, label=PERSONS)
def session(request: HttpRequest, me: operators.Me, session: UUID) -> HttpResponse:
    """Show what happened in one sitting, as a chart with its table."""
    card, enterprise = sitting(session)
    found = replay(card.session, opened_at=card.opened_at, until=card.closed_at)
    values = {
        "page_title": _("学习回放"),
        "card": card,
        "enterprise_name": enterprise,
        "replay": found,
        "chart": found.chart(card.duration_ms),
    }
    return render(request, "monitor/session.html", {**operators.frame(request, me, "desk-monitor"), **values})
