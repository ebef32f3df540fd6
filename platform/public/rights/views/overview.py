"""All assets of all versions: search, filters, what ends soon, what is missing, export."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from infra.kit import clock, sheets
from public.rights import queries
from public.rights.models import Kind, RightsAsset
from public.rights.place import Place
from public.rights.views.shown import line, sheet_heads, sheet_line

PER_PAGE = 25
STATES = (("soon", _("60 天内到期")), ("expired", _("已到期")), ("incomplete", _("登记不完整")), ("missing", _("缺登记的课程")))
STAGES = (("PUBLISHED", _("已发布")), ("IN_REVIEW", _("审核中")), ("DRAFT", _("草稿")), ("RETIRED", _("已下架")))


@require_GET
def listing(request: HttpRequest, place: Place) -> HttpResponse:
    """List the register: operations see all, authors what belongs to their own versions."""
    get, at = request.GET, clock.now()
    state = get.get("state", "")
    context = {"page_title": _("版权登记"), "kinds": Kind.choices, "states": STATES, "stages": STAGES, "chosen": get}
    if state == "missing":
        page = Paginator(queries.lacking(owner=place.owner, at=at), PER_PAGE).get_page(get.get("page", "1"))
        context |= {"lacking": page, "page": page}
        return place.show(request, "overview.html", context)
    today = clock.shanghai_date(at)
    stage = get.get("stage", "") if get.get("stage", "") in dict(STAGES) else ""
    asked = {"text": get.get("q", ""), "kind": get.get("kind", ""), "sort": get.get("sort", "")}
    rows = queries.assets(**asked, state=state, stage=stage, owner=place.owner, today=today)
    if get.get("export") in {"csv", "xlsx"}:
        return _download(rows, get["export"], today)
    found = Paginator(rows, PER_PAGE).get_page(get.get("page", "1"))
    context |= {"page": found, "rows": [line(row, today) for row in found], "is_filtered": bool(get)}
    return place.show(request, "overview.html", context)


def _download(rows: QuerySet[RightsAsset], kind: str, today: date) -> HttpResponse:
    lines = (sheet_line(row, today) for row in rows.iterator(chunk_size=500))
    heads = sheet_heads()
    body, content_type = (
        (sheets.csv_file(heads, lines), sheets.CSV) if kind == "csv" else (sheets.xlsx_file("rights", heads, lines), sheets.XLSX)
    )
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="rights-{today:%Y%m%d}.{kind}"'
    return response
