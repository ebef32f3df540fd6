"""Figures of the own division: sums, a trend, areas; and the enterprises behind them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infra.kit import sheets
from public.portal import reading, statistics, tables
from public.portal.views.common import asker_of, period_choices, period_of, period_words, today
from public.regulators.api import Authority, page_frame, regulator_page
from tenants import divisions


@require_GET
@regulator_page
def overview(request: HttpRequest, who: Authority) -> HttpResponse:
    """Show the figures of the whole division, month by month and area by area; also as a workbook."""
    period, prefix = period_of(request), who.division_prefix
    total, areas = statistics.totals(prefix, period=period), statistics.areas(prefix, period=period)
    if request.GET.get("export") == "xlsx":
        heads = [_("行政区划"), _("企业数"), _("有培训的企业"), *tables.heads()]
        return tables.answer(
            _("辖区统计"), heads, tables.of_areas(areas, total), what="area-figures", asker=asker_of(request, who)
        )
    context = {
        "page_title": _("辖区统计"),
        "area": divisions.full_name(prefix),
        "period": period,
        "period_words": period_words(period),
        "periods": period_choices(),
        "total": total,
        "figures": figures(total),
        "areas": [(one, _line(one.totals), _percent(one.totals.coverage)) for one in areas],
        "heads": tables.heads(),
        "bars": statistics.trend(prefix, today=today()),
        "notices": reading.totals(prefix, today=today()),
    }
    return render(request, "portal/statistics.html", {**page_frame(who, "regulator-statistics"), **context})


@require_GET
@regulator_page
def enterprises(request: HttpRequest, who: Authority) -> HttpResponse:
    """List the enterprises of the division with their figures; also as a workbook."""
    get, period, prefix = request.GET, period_of(request), who.division_prefix
    asked = {"text": get.get("q", ""), "area": get.get("area", ""), "show": get.get("show", ""), "sort": get.get("sort", "")}
    rows = statistics.enterprises(prefix, period=period, **asked)
    if get.get("export") == "xlsx":
        found = statistics.lines(sheets.not_too_many(rows, tables.MOST), period=period)
        heads = [_("企业"), _("统一社会信用代码"), _("行政区划"), _("状态"), *tables.heads()]
        return tables.answer(
            _("企业培训统计"), heads, tables.of_enterprises(found), what="enterprise-figures", asker=asker_of(request, who)
        )
    page, lines = statistics.page(rows, period=period, number=get.get("page", "1"))
    context = {
        "page_title": _("企业"),
        "area": divisions.full_name(prefix),
        "period": period,
        "periods": period_choices(),
        "areas": _below(prefix),
        "page": page,
        "lines": [(one, _line(one.totals)) for one in lines],
        "chosen": get,
    }
    return render(request, "portal/enterprises.html", {**page_frame(who, "regulator-enterprises"), **context})


def figures(one: statistics.Totals) -> list[tuple[str, Any, str]]:
    """Return (label, figure, hint) of each box."""
    return [
        (_("在册人员"), one.on_books, ""),
        (_("参训人数"), one.people, _("同一期间每人只计一次")),
        (_("覆盖率"), tables.share(one.coverage), _("参训的在册人员占比")),
        (_("学时"), one.hours, _("每 45 分钟为 1 学时")),
        (_("考试合格率"), tables.share(one.passed), _("共 %(n)s 次考试") % {"n": one.exams}),
        (_("培训证明"), one.certificates, ""),
        (_("投诉按期办结"), tables.share(one.in_time), _("办结 %(n)s 件") % {"n": one.complaints}),
    ]


def _line(one: statistics.Totals) -> list[tuple[str, Any]]:
    return list(zip(tables.heads(), tables.cells(one), strict=True))


def _percent(value: float | None) -> int:
    return int((value or 0) * 100)


def _below(prefix: str) -> list[tuple[str, str]]:
    """Return what a division may be narrowed to: (digits, words)."""
    if len(prefix) == 2:
        return [(city.code[:4], city.name) for city in divisions.CITIES if city.code.startswith(prefix)]
    if len(prefix) == 4:
        return [(one.code, one.name) for one in divisions.COUNTIES.get(f"{prefix}00", ())]
    return []
