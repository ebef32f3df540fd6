"""What managers see and decide of ratings; nobody's name is shown."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.community.ratings import moderating, queries, rules
from apps.community.ratings.models import RatingComment
from apps.community.ratings.shapes import CourseFigures
from apps.community.threads import anonymous
from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.remarks import api as remarks
from public.search import api as search

PER_PAGE = 20


def _manager(request: HttpRequest) -> people.ManagerView:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return manager


@require_GET
@people.manager_page(people.Permission.TALK_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List comments, those that wait first; nobody's name is shown."""
    get, within = request.GET, people.within(request)
    state = get.get("state", RatingComment.State.WAITING)
    rows = queries.comments(within=within, state=state, text=get.get("q", "")[:60])
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    offers = remarks.offers(row.offer for row in page if row.offer)
    labels = catalogue.labels([row.rating.version_id for row in page])
    at = clock.now()
    values = {
        "page": page,
        "lines": [
            (row, labels.get(row.rating.version_id), offers.get(row.offer) if row.offer else None, at >= row.rating.stands_at)
            for row in page
        ],
        "states": RatingComment.State.choices,
        "state": state,
        "is_filtered": bool(get.get("q")),
        "waiting": queries.waiting(within=within),
    }
    return render(request, "community/ratings/console.html", values)


@require_POST
@people.manager_page(people.Permission.TALK_MODERATE)
def decide(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Show a comment or do not."""
    show = request.POST.get("decision") == "show"
    said = {"reason": request.POST.get("reason", ""), "by": _manager(request), "within": people.within(request)}
    try:
        moderating.decide(comment=comment, show=show, at=clock.now(), **said)  # type: ignore[arg-type]
    except DomainError as refusal:
        if refusal.status not in {409, 422}:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已在本企业展示。") if show else _("已设为不展示。"))
    return redirect("console-ratings")


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.TALK_MODERATE)
def recommend(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Show a comment as it would leave the enterprise, names taken out; POST offers it."""
    within = people.within(request)
    row = queries.comments(within=within).filter(uuid=comment).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条评语，请从列表重新进入。"), status=404)
    text, error = anonymous.without_names(row.text), None
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            moderating.recommend(comment=comment, text=text, by=_manager(request), within=within, at=clock.now())
        except DomainError as refusal:
            error = refusal
        else:
            messages.success(request, _("已推荐给平台，审核后会展示在课程页。"))
            return redirect(f"{reverse('console-ratings')}?state={RatingComment.State.SHOWN}")
    label = catalogue.labels([row.rating.version_id]).get(row.rating.version_id)
    values = {"row": row, "label": label, "text": text, "error": error, "longest": rules.LONGEST}
    return render(request, "community/ratings/recommend.html", values, status=error.status if error else 200)


@require_GET
@people.manager_page(people.Permission.TALK_SEE)
def courses(request: HttpRequest) -> HttpResponse:
    """Show how courses were rated in this enterprise; ``?export=xlsx`` gives the same rows as a file."""
    rows = queries.by_course(within=people.within(request), text=request.GET.get("q", "")[:60])
    if request.GET.get("export") == "xlsx":
        return _file(rows)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "enough": rules.ENOUGH_PEOPLE,
        "is_filtered": bool(request.GET.get("q")),
        "aspects": search.ASPECT_NAMES.values(),
    }
    return render(request, "community/ratings/courses.html", values)


def _file(rows: list[CourseFigures]) -> HttpResponse:
    heads = [_("课程"), _("编码"), _("评价人数"), _("平均分"), *(str(name) for name in search.ASPECT_NAMES.values()), _("评语")]
    nothing = [""] * len(search.ASPECTS)
    lines = [
        [
            row.title,
            row.code,
            row.ratings,
            "" if row.mean is None else round(row.mean, 1),
            *([round(mean, 1) for _name, mean in row.means] or nothing),
            row.comments,
        ]
        for row in rows
    ]
    response = HttpResponse(sheets.xlsx_file(_("课程评价"), heads, lines), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{_('课程评价')}.xlsx") or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
