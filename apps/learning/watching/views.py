"""Pages of the manager: the live board, one sitting as a chart, and letting a locked learner go on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.learning import voiding
from apps.learning.models import StudySession
from apps.learning.signals import SignalState
from apps.learning.watching import live
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.monitor import api as monitor

PER_PAGE = 25
REFRESH_S = 5
"""How often an open board asks again (decision 0037)."""


class UnlockForm(forms.Form):
    """Why a locked learner may go on."""

    reason = forms.CharField(
        label=gettext_lazy("解除原因"),
        max_length=200,
        help_text=gettext_lazy("例如：已当面核实为本人，摄像头故障。"),
        error_messages={"required": gettext_lazy("请写明为什么可以解除，会记入审计。")},
    )


@require_GET
@never_cache
@people.manager_page(people.Permission.STUDY_SEE)
def board(request: HttpRequest) -> HttpResponse:
    """List who studies now; every filter lives in the address, the list asks again by itself."""
    get, at, within = request.GET, clock.now(), people.within(request)
    rows = live.sessions(text=get.get("q", ""), show=get.get("show", ""), sort=get.get("sort", ""), at=at, within=within)
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    crowded = live.crowded_addresses(list(page))
    values = {
        "page": page,
        "lines": [line(row, crowded, at) for row in page],
        "sums": live.sums(at=at, within=within),
        "todo": live.todo(at=at, within=within),
        "chosen": get,
        "refresh_s": REFRESH_S,
        "at": at,
    }
    return render(request, "learning/console_live.html", values)


def line(row: StudySession, crowded: set[str], at: datetime) -> dict[str, Any]:
    """Return what the board shows of a session besides its columns."""
    codes = [*SignalState.from_json(row.signals).codes, *(["shared_ip"] if row.ip in crowded else [])]
    return {
        "row": row,
        "state": monitor.state_name(row.last_state),
        "is_silent": row.is_open and row.last_state == "playing" and at - row.last_at > live.SILENT,
        "signals": [(monitor.signal_name(code), monitor.signal_text(code)) for code in codes],
        "is_alert": row.score >= monitor.ALERT_SCORE,
        "provisional_ms": row.credited_ms - row.confirmed_ms - row.held_ms,
    }


@require_GET
@never_cache
@people.manager_page(people.Permission.STUDY_SEE)
def session(request: HttpRequest, session: UUID) -> HttpResponse:
    """Show what happened in one sitting, as a chart with its table."""
    row = live.session(session, within=people.within(request))
    found = monitor.replay(row.uuid, opened_at=row.opened_at)
    kept = SignalState.from_json(row.signals)
    values = {
        "row": row,
        "line": line(row, set(), clock.now()),
        "counts": [(monitor.signal_name(code), monitor.signal_text(code), n) for code, n in sorted(kept.count.items())],
        "replay": found,
        "chart": found.chart(row.duration_ms),
        "voids": row.voids.select_related("appeal").order_by("at"),
    }
    return render(request, "learning/console_session.html", values)


@require_POST
@people.manager_page(people.Permission.STUDY_DECIDE)
def unlock(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Let a learner study again who missed three checks in a day.

    :raises DomainError: 404 ``not_found``; 403 ``is_party`` where a manager would unlock himself
    """
    found, who = people.learner_by_uuid(learner, within=people.within(request)), people.profile(request)
    if who.learner is not None and who.learner.id == found.id:
        raise DomainError("is_party", _("这是您本人的锁定，请由其他管理员处理。"), status=403)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
    elif voiding.unlock(learner_id=found.id, by=_actor(who), reason=form.cleaned_data["reason"], at=clock.now()):
        messages.success(request, _("已解除锁定，%(name)s可以继续学习。") % {"name": found.name})
    else:
        messages.info(request, _("该学员没有被锁定，可能同事刚刚处理过。"))
    return redirect("console-live")


def _actor(who: people.Profile) -> str:
    assert who.manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return f"manager:{who.manager.id}"
