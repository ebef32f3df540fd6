"""Pages of weak points for managers: the board, one point with courses that help, the board as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.exams.mistakes import rules
from apps.exams.mistakes.weak import helping, queries
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock, sheets
from infra.kit.errors import DomainError

PER_PAGE = 20
CHARTED = 10
USUAL_DAYS = "90"


def _asked(request: HttpRequest) -> plans.Filters:
    said = {"days": USUAL_DAYS, **request.GET.dict()}
    return plans.read_filters(said, within=people.within(request), at=clock.now())


def _frame(asked: plans.Filters) -> dict[str, Any]:
    return {
        "asked": asked,
        "units_to_choose": asked.choices(),
        "plans": plans.running_plans(asked),
        "periods": (7, 30, 90, 365),
        "enough": rules.ENOUGH_PEOPLE,
        "weak_from": rules.WEAK,
    }


@require_GET
@people.manager_page(people.Permission.EXAMS_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """Show the points that people answer wrongly, by unit; ``?export=xlsx`` gives the same rows as a file."""
    asked, text = _asked(request), request.GET.get("q", "")[:60]
    found = queries.board(asked, text=text)
    if request.GET.get("export") == "xlsx":
        return _file(found)
    values = {
        "board": found,
        "page": Paginator(found.points, PER_PAGE).get_page(request.GET.get("page")),
        "charted": found.points[:CHARTED],
        "is_filtered": bool(text or asked.unit_id or asked.plan),
        **_frame(asked),
    }
    return render(request, "exams/mistakes/weak.html", values)


@require_GET
@people.manager_page(people.Permission.EXAMS_SEE)
def point(request: HttpRequest) -> HttpResponse:
    """Show one point: how many, which questions, and courses that help, ready for a new plan.

    :raises DomainError: 404 ``not_found`` where too few people of what is asked were asked about it
    """
    asked, name = _asked(request), request.GET.get("point", "")[: rules.LONGEST_POINT]
    cell, topics, hard = queries.point(asked, name)
    if not cell.is_shown:
        raise DomainError("not_found", _("这个知识点作答的人太少，没有可看的数据。请换一个部门或期间。"), status=404)
    values = {"name": name, "cell": cell, "hard": hard, "courses": helping.courses(name, topics), **_frame(asked)}
    return render(request, "exams/mistakes/weak_point.html", values)


def _file(found: queries.Board) -> HttpResponse:
    heads = [_("知识点"), _("作答人数"), _("答错过的人数"), _("占比"), *(name for _key, name in found.units)]
    lines: list[list[sheets.Cell]] = [
        [point.name, point.total.asked, point.total.wrong, f"{point.total.percent}%", *(_cell(cell) for cell in point.line)]
        for point in found.points
    ]
    response = HttpResponse(sheets.xlsx_file(_("薄弱知识点"), heads, lines), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{_('薄弱知识点')}.xlsx") or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _cell(cell: queries.Cell) -> str:
    if not cell.asked:
        return "—"
    return f"{cell.percent}%" if cell.is_shown else _("少于 %(n)d 人") % {"n": rules.ENOUGH_PEOPLE}
