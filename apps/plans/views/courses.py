"""Pages of the shared catalogue for managers: search, one course, comparison, the enterprise's own selection."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from apps.people import api as people
from apps.plans import selection
from infra.kit import clock
from public.catalogue import api as catalogue
from public.remarks import api as remarks
from public.search import api as search
from public.subtitles import api as subtitles

SORTS = (
    ("", _("综合排序")),
    ("rating", _("评分最高")),
    ("new", _("最新发布")),
    ("short", _("时长从短到长")),
    ("long", _("时长从长到短")),
)
MOST_COMPARED, MOST_ALIKE, MOST_SAID, REMARKS = 3, 6, 60, 5


@require_GET
@people.manager_page(people.Permission.COURSES_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """Search the catalogue; filters, order and page live in the address."""
    get = request.GET
    chosen = {name: [value for value in get.getlist(name) if value or name == "provider"] for name in search.FACETS}
    number = int(get["page"]) if get.get("page", "").isdecimal() and len(get["page"]) < 6 else 1
    found = search.find(get.get("q", ""), chosen=chosen, sort=get.get("sort", ""), page=number)
    shelf = selection.chosen_courses()
    page = Paginator(range(found.total), found.per_page).get_page(number)
    if number > page.number:
        found = search.find(get.get("q", ""), chosen=chosen, sort=get.get("sort", ""), page=page.number)
    facets = [(name, search.FACET_NAMES[name], found.facets[name]) for name in search.FACETS]
    values = {
        "found": found,
        "lines": [(hit, shelf.get(hit.course_id)) for hit in found.hits],
        "facets": [(*facet, sum(choice.is_chosen for choice in facet[2])) for facet in facets],
        "page": page,
        "sorts": SORTS,
        "q": get.get("q", ""),
        "sought": found.instead or get.get("q", ""),
        "sort": get.get("sort", ""),
        "is_filtered": bool(get.get("q")) or any(chosen.values()),
        "shelf_count": len(shelf),
    }
    return render(request, "plans/console_courses.html", values)


@require_GET
@csp_replace({"connect-src": settings.PLAYER_CONNECT_SRC})  # type: ignore[arg-type] # its types know no other arguments
@people.manager_page(people.Permission.COURSES_SEE)
def course(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show one course before it is taken: what it teaches, who teaches it, how it did, its first lesson."""
    shown = catalogue.showcase(version_id, on=clock.shanghai_date(clock.now()))
    lesson = next((one for one in shown.lessons if not one.is_quiz), None)
    kinds = {kind.id: kind.kind for kind in catalogue.lesson_kinds([version_id])}
    alike = search.find(chosen={"topic": [shown.topic], "audience": [shown.audience]}, per_page=MOST_ALIKE + 1, with_facets=False)
    values = {
        "course": shown,
        "hit": search.known([version_id]).get(version_id),
        "lesson": lesson,
        "lesson_kind": kinds.get(lesson.id, "") if lesson else "",
        "can_preview": bool(lesson and lesson.duration_ms and shown.state not in {"RECALLED", "HELD"}),
        "alike": [hit for hit in alike.hits if hit.course_id != shown.course_id][:MOST_ALIKE],
        "audience": search.label("audience", shown.audience),
        "topic": search.label("topic", shown.topic),
        "version_id": version_id,
        "course_id": shown.course_id,
        "held": selection.chosen_courses().get(shown.course_id),
        "can_choose": shown.state == "PUBLISHED",
        "aspects": search.aspects(version_id),
        "remarks": Paginator(remarks.remarks(shown.course_id), REMARKS).get_page(request.GET.get("page")),
        **_said(request, version_id),
    }
    return render(request, "plans/console_course.html", values)


def _said(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """Return what was looked for in the subtitles and where it is said; nothing was looked for in an address without words."""
    words = " ".join(request.GET.get("said", "").split())[:MOST_SAID]
    spots = subtitles.search(version_id, words) if words else []
    return {"said": words, "spots": [(f"{spot.at_ms // 60_000:02d}:{spot.at_ms // 1_000 % 60:02d}", spot) for spot in spots]}


@require_GET
@people.manager_page(people.Permission.COURSES_SEE)
def compare(request: HttpRequest) -> HttpResponse:
    """Lay up to three courses side by side."""
    ids = list(dict.fromkeys(int(value) for value in request.GET.getlist("id") if value.isdecimal() and len(value) < 16))
    shown = catalogue.showcases(ids[:MOST_COMPARED], on=clock.shanghai_date(clock.now()))
    figures = search.known([one.version_id for one in shown])
    shelf = selection.chosen_courses()
    values = {
        "columns": [(one, figures.get(one.version_id), shelf.get(one.course_id)) for one in shown],
        "left_out": max(0, len(ids) - MOST_COMPARED),
    }
    return render(request, "plans/console_compare.html", values)


@require_GET
@people.manager_page(people.Permission.COURSES_SEE)
def shelf(request: HttpRequest) -> HttpResponse:
    """Show the enterprise's own selection with what became of each course."""
    rows = selection.shelf()
    wanted = request.GET.get("state", "")
    words = request.GET.get("q", "").lower().split()
    shown = [
        row
        for row in rows
        if (not wanted or row.standing == wanted)
        and all(word in f"{row.card.title} {row.card.code} {row.card.trainer}".lower() for word in words)
    ]
    values = {
        "page": Paginator(shown, search.PER_PAGE).get_page(request.GET.get("page")),
        "any": bool(rows),
        "states": [(key, word) for key, (_tone, word, _advice) in selection.BADGES.items()],
        "state": wanted,
    }
    return render(request, "plans/console_selection.html", values)


@require_POST
@people.manager_page(people.Permission.COURSES_CHOOSE)
def choose(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put a course on the shelf, or take its new version."""
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    selection.choose(version_id=version_id, by=manager.name, at=clock.now())
    card = catalogue.course(version_id).card
    return _picked(request, version_id, card.course_id, held=version_id)


@require_POST
@people.manager_page(people.Permission.COURSES_CHOOSE)
def unchoose(request: HttpRequest, course_id: int) -> HttpResponse:
    """Take a course off the shelf; running plans are not touched."""
    held = selection.chosen_courses().get(course_id, 0)
    selection.unchoose(course_id=course_id)
    offered = catalogue.current_versions([course_id]).get(course_id)
    return _picked(request, offered or held, course_id, held=None, can_choose=offered is not None)


def _picked(request: HttpRequest, version_id: int, course_id: int, *, held: int | None, can_choose: bool = True) -> HttpResponse:
    """Answer htmx with the button's new face, a plain form with the page it came from."""
    if request.headers.get("HX-Request"):
        values: dict[str, Any] = {"version_id": version_id, "course_id": course_id, "held": held, "can_choose": can_choose}
        return render(request, "plans/_pick.html", values)
    return redirect("console-selection")
