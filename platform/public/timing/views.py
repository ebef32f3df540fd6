"""Pages of timing: the board with its exports, the rates of samples."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from infra.kit import clock
from infra.kit import sheets as files
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.api import Me, Role, desk_page, frame
from public.timing import queries, rates, sheets, words
from public.timing.audiences import Audience
from public.timing.forms import RateForm
from public.timing.models import Device, Kind, Site
from public.timing.rules import BAR_MS, SERVER_BAR_MS, Figures, added
from tenants.addresses import client_ip

PER_PAGE = 20
READERS = (Role.OPERATIONS, Role.SYSTEM)
PARTS = (Kind.FIRST, Kind.READY, Kind.PAINTED, Kind.LOADED, Kind.SWAP)
_FILTERS = {"audience": Audience, "device": Device, "site": Site}


@require_GET
@desk_page(*READERS)
def board(request: HttpRequest, me: Me) -> HttpResponse:
    """Show how long people wait in a period; ``export=months|days|pages`` gives what is shown as a file."""
    at, get = clock.now(), request.GET
    period = queries.period_of(get.get("period", ""), today=clock.shanghai_date(at))
    chosen = {name: get[name] if get.get(name) in kinds.values else "" for name, kinds in _FILTERS.items()}
    wanted = queries.chosen_by(**chosen)
    if get.get("export") in _FILES:
        return _exported(request, me, _FILES[get["export"]](request, period, wanted, at), what=get["export"])
    days, spread = queries.by_day(period, wanted), queries.by_page(period, wanted)
    kinds: dict[str, Figures] = {
        kind: added(found[kind] for found in days.values() if kind in found) for kind in (*PARTS, Kind.VIEW)
    }
    lines = queries.sorted_lines(spread.lines, search=get.get("q", ""), sort=get.get("sort", ""))
    page = Paginator(lines, PER_PAGE).get_page(get.get("page"))
    months = queries.by_month(at=at)
    context = {
        "page_title": _("界面响应"),
        "spans": _spans(get.get("period", ""), period, months),
        "months": [{"month": f"{on:%Y-%m}", **_said(queries.waits_of(found))} for on, found in months.items()],
        "filters": [(name, kinds.choices, chosen[name], title) for (name, kinds), title in zip(_FILTERS.items(), _titles(), strict=True)],
        "all": _said(queries.waits_of(kinds)),
        "is_empty": not spread.lines,
        "bars": _bars(period, days),
        "parts": [{"label": kind.label, **_said(kinds[kind])} for kind in PARTS if kinds[kind].count],
        "groups": _groups(spread),
        "views": f"{kinds[Kind.VIEW].count:,}",
        "share": words.percent(kinds[Kind.LOADED].sampled / kinds[Kind.VIEW].count if kinds[Kind.VIEW].count else None),
        "server": _server(period),
        "page": page,
        "lines": [{"line": line, "audience": Audience(line.audience).label, **_said(line.figures)} for line in page],
        "chosen": get,
    }  # fmt: skip
    return render(request, "timing/board.html", {**frame(request, me, "desk-timing"), **context})


def _spans(chosen: str, period: queries.Period, months: Iterable[date]) -> list[tuple[str, str, bool]]:
    """Return what can be chosen as a period: value, words, whether it is; the one of the address is among them."""
    is_month = "-" in chosen and period.first.day == 1
    now = f"{period.first:%Y-%m}" if is_month else f"{len(period.days)}"
    known = {f"{on:%Y-%m}": f"{on:%Y-%m}" for on in months}
    offered = {"7": _("7 天"), "30": _("30 天"), "90": _("90 天"), **known} | ({now: now} if is_month else {})
    return [(value, label, value == now) for value, label in offered.items()]


def _titles() -> tuple[str, str, str]:
    return _("全部使用者"), _("全部设备"), _("全部网站")


def _said(figures: Figures) -> dict[str, Any]:
    tone, verdict = words.verdict(figures)
    return {
        "figures": figures,
        "count": f"{figures.count:,}",
        "sampled": f"{figures.sampled:,}",
        "mean": words.seconds(figures.mean_ms),
        "p50": words.seconds(figures.quantile(0.5)),
        "p75": words.seconds(figures.quantile(0.75)),
        "p95": words.seconds(figures.quantile(0.95)),
        "within": words.percent(figures.within(BAR_MS)),
        "tone": tone,
        "verdict": verdict,
        "sentence": words.sentence(figures),
    }


def _bars(period: queries.Period, days: dict[date, dict[str, Figures]]) -> dict[str, Any]:
    """Return the chart: of each day its height of 100 and its figures; ``line``: where the clause's bar is, from above."""
    found = [(day, queries.waits_of(days.get(day, {}))) for day in period.days]
    most = max([BAR_MS, *(figures.mean_ms or 0.0 for _day, figures in found)])
    bars = []
    for day, figures in found:
        height = max(1, round(figures.mean_ms * 92 / most)) if figures.mean_ms is not None else 0
        bars.append({"name": f"{day:%m-%d}", "height": height, "top": 100 - height, **_said(figures)})
    return {"days": bars, "line": 100 - round(BAR_MS * 92 / most)}


def _groups(spread: queries.Spread) -> list[dict[str, Any]]:
    """Return audiences that waited at all, each on both kinds of device and together."""
    found = []
    for audience in Audience:
        of = {device: spread.groups.get((audience, device), Figures()) for device in Device.values}
        both = added(of.values())
        if both.count:
            found.append({"label": audience.label, "phone": _said(of["PHONE"]), "desktop": _said(of["DESKTOP"]), **_said(both)})
    return found


def _server(period: queries.Period) -> dict[str, Any]:
    figures = queries.server(period)
    p95 = figures.quantile(0.95)
    tone = "neutral" if p95 is None else "proven" if p95 < SERVER_BAR_MS else "attention"
    return {"p95": words.milliseconds(p95), "mean": words.milliseconds(figures.mean_ms), "tone": tone, "bar": SERVER_BAR_MS}


def _months(request: HttpRequest, period: queries.Period, wanted: Any, at: datetime) -> tuple[str, bytes]:
    title = _("界面平均响应时间（按月）")
    return title, sheets.by_time(title, _("月份"), queries.by_month(at=at), names="%Y-%m")


def _days(request: HttpRequest, period: queries.Period, wanted: Any, at: datetime) -> tuple[str, bytes]:
    title = _("界面平均响应时间（按日）")
    return title, sheets.by_time(title, _("日期"), queries.by_day(period, wanted), names="%Y-%m-%d")


def _pages(request: HttpRequest, period: queries.Period, wanted: Any, at: datetime) -> tuple[str, bytes]:
    title = _("界面响应时间（按页面）")
    get = request.GET
    lines = queries.sorted_lines(queries.by_page(period, wanted).lines, search=get.get("q", ""), sort=get.get("sort", ""))
    return title, sheets.by_page(title, lines)


_FILES: dict[str, Callable[[HttpRequest, queries.Period, Any, datetime], tuple[str, bytes]]] = {
    "months": _months,
    "days": _days,
    "pages": _pages,
}


def _exported(request: HttpRequest, me: Me, file: tuple[str, bytes], *, what: str) -> HttpResponse:
    title, data = file
    audit.record("timing.exported", actor=me.reference, target="timing:board", at=clock.now(), ip=client_ip(request), what=what)
    response = HttpResponse(data, content_type=files.XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.xlsx") or ""
    return response


@require_GET
@desk_page(*READERS)
def sampling(request: HttpRequest, me: Me) -> HttpResponse:
    """Show of how many page views one is timed, for each audience."""
    every = rates.in_force()
    context = {
        "page_title": _("抽样比例"),
        "rates": [(audience.value, audience.label, every[audience]) for audience in Audience],
        "may_choose": me.role == Role.SYSTEM,
    }
    return render(request, "timing/sampling.html", {**frame(request, me, "desk-timing"), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.SYSTEM)
def choose(request: HttpRequest, me: Me, audience: str) -> HttpResponse:
    """Show the rate of one audience and what it was before; take another one."""
    if audience not in Audience.values:
        raise DomainError("not_found", _("没有这类使用者，请刷新页面。"), status=404)
    every = rates.in_force()[audience]
    form = RateForm(request.POST if request.method == "POST" else None, initial={"every": every})
    if form.is_valid():
        try:
            rates.choose(audience=audience, me=me, at=clock.now(), ip=client_ip(request), **form.cleaned_data)
        except DomainError as error:
            field = error.details.get("field")
            if error.status != 422 or field not in form.fields:
                raise
            form.add_error(field, str(error.message))
        else:
            messages.success(request, _("已保存，一分钟内生效。"))
            return redirect("desk-timing-sampling")
    context = {
        "page_title": _("抽样比例：%(who)s") % {"who": Audience(audience).label},
        "every": every,
        "form": form,
        "history": rates.history(audience),
    }
    return render(
        request, "timing/rate.html", {**frame(request, me, "desk-timing"), **context}, status=422 if form.errors else 200
    )
