"""A learner's ratings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.community.ratings import queries, rules, services
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.search import api as search

PER_PAGE = 20


def _learner_id(request: HttpRequest) -> int:
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    return learner.id


@require_GET
@people.learner_page
def mine(request: HttpRequest) -> HttpResponse:
    """List a learner's ratings with what may still be changed, and the courses that wait for one."""
    at, learner_id = clock.now(), _learner_id(request)
    page = Paginator(queries.ratings_of(learner_id), PER_PAGE).get_page(request.GET.get("page"))
    found = plans.duties(learner_id, at=at)
    duties = {course.version_id: (view.uuid, course.title) for view in found.views for course in view.courses}
    labels = catalogue.labels([row.version_id for row in page])
    lines = [(row, labels.get(row.version_id), duties.get(row.version_id), rules.days_left(row.stands_at, at=at)) for row in page]
    waiting = queries.unrated(learner_id, found.views, found.earned)
    return render(request, "community/ratings/mine.html", {"page": page, "lines": lines, "part": {"courses": waiting}})


@require_http_methods(["GET", "POST"])
@never_cache
@people.learner_page
def rate(request: HttpRequest, assignment: UUID, version_id: int) -> HttpResponse:
    """Ask for stars by aspect and an optional comment; POST keeps them. What was typed stays when something is refused."""
    learner_id, at = _learner_id(request), clock.now()
    view = plans.assignment(assignment, learner_id=learner_id)
    course = next((one for one in view.courses if one.version_id == version_id), None)
    if course is None:
        raise DomainError("not_found", _("没有找到这门课程，请从首页重新进入。"), status=404)
    held = queries.own(learner_id, version_id, at=at)
    said = {"stars": held.stars, "comment": held.comment, "may_share": held.may_share} if held else {"stars": {}}
    error: DomainError | None = None
    if request.method == "POST":
        said = _said(request)
        try:
            services.rate(learner_id=learner_id, assignment=assignment, version_id=version_id, at=at, **said)  # type: ignore[arg-type]
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            error = refusal
        else:
            messages.success(request, _("谢谢您的评价。7 天内可以修改。"))
            return redirect("learn-home")
    stars: dict[str, int] = said["stars"]  # type: ignore[assignment]
    values = {
        "course": course,
        "held": held,
        "said": said,
        "lines": [(name, label, stars.get(name, 0)) for name, label in search.ASPECT_NAMES.items()],
        "choices": rules.STARS[::-1],
        "error": error,
        "field": error.details.get("field", "") if error else "",
        "longest": rules.LONGEST,
    }
    return render(request, "community/ratings/rate.html", values, status=error.status if error else 200)


def _said(request: HttpRequest) -> dict[str, Any]:
    got = request.POST
    stars = {name: int(value) for name in search.ASPECTS if (value := got.get(name, "")) in {"1", "2", "3", "4", "5"}}
    return {"stars": stars, "comment": got.get("comment", ""), "may_share": got.get("may_share") == "on"}
