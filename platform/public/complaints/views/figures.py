"""Figures of complaints by category, for a span that the address names; also as a workbook."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infra.kit import clock, sheets
from public.complaints import diary, statistics
from public.complaints.shapes import Totals
from public.complaints.views.desk import desk_of
from public.operators import api as operators

SPANS = (30, 90, 365)


@require_GET
@operators.desk_page(operators.Role.OPERATIONS)
def figures(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """Show what was filed in the last days and what became of it."""
    wanted = request.GET.get("days", "")
    days = int(wanted) if wanted in {str(span) for span in SPANS} else SPANS[1]
    since = clock.now() - timedelta(days=days)
    rows = [(label, _line(found)) for label, found in statistics.by_category(since=since)]
    total = _line(statistics.totals(since=since))
    heads = [_("收到"), _("已办结"), _("按时首次答复"), _("按期办结"), _("满意"), _("平均办理（小时）"), _("重新办理")]
    if request.GET.get("export") == "xlsx":
        diary.log(desk_of(request, me), "complaint.figures_exported", target="complaints", days=days)
        lines = [[label, *line] for label, line in [*rows, (_("合计"), total)]]
        response = HttpResponse(sheets.xlsx_file(_("投诉统计"), [_("类别"), *heads], lines), content_type=sheets.XLSX)
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{_('投诉统计')}.xlsx") or ""
        return response
    values = {
        "page_title": _("投诉统计"),
        "rows": [(label, list(zip(heads, line, strict=True))) for label, line in rows],
        "total": list(zip(heads, total, strict=True)),
        "heads": heads,
        "days": days,
        "spans": SPANS,
    }
    return render(request, "complaints/figures.html", {**operators.frame(request, me, "desk-complaints"), **values})


def _line(found: Totals) -> list[str]:
    return [
        str(found.filed),
        str(found.decided),
        _share(found.prompt),
        _share(found.in_time),
        _share(found.satisfied),
        "—" if found.mean_hours is None else f"{found.mean_hours:.1f}",
        str(found.reopened),
    ]


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.0%}"
