"""The desk's list of courses that do badly."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Queue, Role, desk_page, frame
from public.search import quality, watch

PER_PAGE = 20
SHOWS = (("open", _("待处理")), ("handled", _("已处理")), ("all", _("全部课程")))


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List courses with their figures, the worst first; by default those that nobody has dealt with."""
    get = request.GET
    show = get.get("show", "open") if get.get("show") in dict(SHOWS) else "open"
    page = Paginator(watch.watched(show, search=get.get("q", "")), PER_PAGE).get_page(get.get("page", "1"))
    context = {
        "page_title": _("课程质量"),
        "page": page,
        "rows": watch.lines(page),
        "show": show,
        "shows": SHOWS,
    }
    return render(request, "search/quality.html", {**frame(request, me, "desk-quality"), **context})


@require_POST
@desk_page(Role.OPERATIONS)
def handle(request: HttpRequest, me: Me, course_id: int) -> HttpResponse:
    """Take a course off the list with a word on what was done."""
    try:
        quality.handle(course_id=course_id, by_id=me.credential_id, note=request.POST.get("note", ""), at=clock.now())
        messages.success(request, _("已记录处理情况。"))
    except DomainError as error:
        if error.code != "note_missing":
            raise
        messages.error(request, str(error.message))
    return redirect("desk-quality")


def quality_queues(me: Me) -> list[Queue]:
    """Return how many low performers wait for an operator."""
    if me.role != Role.OPERATIONS:
        return []
    hint: Any = _("评分或通过率偏低，请联系讲师改进或下架")
    return [Queue(_("质量待关注课程"), watch.watched("open").count(), reverse("desk-quality"), hint)]
