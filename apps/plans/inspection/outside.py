"""What an inspector opens without an account: read only, by a link that ends. No route here writes anything but the visit itself.

The secret stands in the first address alone: it is changed for a cookie at once, so that no later address, referrer or log holds it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.people import api as people
from apps.plans.inspection import content, links, packages
from apps.plans.inspection.views import zip_answer
from apps.plans.models import InspectionLink, InspectionVisit
from apps.plans.views.archive import platform_origin
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import limits
from tenants.addresses import client_ip
from tenants.api import require

COOKIE = "anxue_inspect"
_SALT = "plans.inspection"
PAGE = 50
ENTER_RATE, SEE_RATE, TAKE_RATE = "20/minute", "120/minute", "10/minute"
P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def quiet(answer: HttpResponseBase) -> HttpResponseBase:
    """Let no engine find and no cache keep what an inspector sees, nor let the server's log name a refused address."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    if answer.status_code >= 400:
        answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the path, and the secret with it
    return answer


def _refused(request: HttpRequest, error: DomainError) -> HttpResponseBase:
    answer = quiet(render(request, "plans/inspection/closed.html", {"error": error}, status=error.status))
    if "retry_after_s" in error.details:
        answer["Retry-After"] = str(error.details["retry_after_s"])
    return answer


@require_GET
@people.declares(people.Permission.PUBLIC)
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Change the secret for a cookie that lasts as long as the link, and go to the first page."""
    ip, at = client_ip(request), clock.now()
    try:
        limits.spend(ENTER_RATE, "inspect-enter", ip)
        link = links.enter(token=token, at=at, ip=ip, agent=request.headers.get("User-Agent", ""))
    except DomainError as error:
        return _refused(request, error)
    answer = redirect("inspect")
    value = signing.dumps({"s": require().schema, "l": str(link.uuid)}, salt=_SALT)
    answer.set_cookie(
        COOKIE, value, max_age=max(1, int((link.expires_at - at).total_seconds())), path="/inspect",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return quiet(answer)


def _page(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Guard a page by the cookie: the link is looked up each time, so that taking it back works at once."""

    @require_GET
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            limits.spend(SEE_RATE, "inspect-see", client_ip(request))
            request.inspection = _link(request)  # type: ignore[attr-defined]
            return quiet(view(request, *args, **kwargs))
        except DomainError as error:
            return _refused(request, error)

    return people.declares(people.Permission.PUBLIC)(guarded)


def _link(request: HttpRequest) -> InspectionLink:
    """Return the link by which the asker has come in.

    :raises DomainError: 404 ``link_unknown``; 410 ``link_over``
    """
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
        uuid = UUID(said["l"]) if said["s"] == require().schema else UUID(int=0)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        uuid = UUID(int=0)
    return links.of_uuid(uuid, at=clock.now())


def _frame(request: HttpRequest, scope: content.Scope, tab: str) -> dict[str, Any]:
    link: InspectionLink = request.inspection  # type: ignore[attr-defined]
    unit = link.unit.name if link.unit else ""
    has_package = link.package is not None and packages.is_ready(link.package, clock.now())
    return {"link": link, "unit": unit, "tab": tab, "scope": scope, "has_package": has_package}


def _scope(request: HttpRequest) -> content.Scope:
    return content.scope_of(request.inspection)  # type: ignore[attr-defined]


@_page
def overview(request: HttpRequest) -> HttpResponse:
    """Show the numbers and the plans."""
    scope = _scope(request)
    page = Paginator(content.plans(scope), PAGE).get_page(request.GET.get("page"))
    values = {"sums": content.sums(scope), "page": page, **_frame(request, scope, "plans")}
    return render(request, "plans/inspection/outside/overview.html", values)


@_page
def plan(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Show one plan: law, courses, and everybody's hours, exam and certificate."""
    scope = _scope(request)
    found = content.plan(scope, plan)
    rows = records.with_certificate_state(content.duties(scope, found), at="certificate__")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    on = clock.shanghai_date(clock.now()).isoformat()
    values = {"plan": found, "page": page, "courses": found.courses.all(), "origin": platform_origin(request), "on": on}
    return render(request, "plans/inspection/outside/plan.html", {**values, **_frame(request, scope, "plans")})


@_page
def roster(request: HttpRequest) -> HttpResponse:
    """Show the people on the books, numbers masked."""
    scope = _scope(request)
    total = people.count_learners(unit_id=scope.unit_id)
    page = Paginator(range(total), PAGE).get_page(request.GET.get("page"))
    rows = people.search_learners(unit_id=scope.unit_id, limit=PAGE, offset=max(0, page.start_index() - 1))
    return render(
        request, "plans/inspection/outside/roster.html", {"page": page, "rows": rows, **_frame(request, scope, "people")}
    )


@_page
def classes(request: HttpRequest) -> HttpResponse:
    """List the confirmed classes in rooms: when, where, by whom, for how many."""
    scope = _scope(request)
    page = Paginator(content.classes(scope), PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/inspection/outside/classes.html", {"page": page, **_frame(request, scope, "classes")})


@_page
def certificates(request: HttpRequest) -> HttpResponse:
    """List the certificates, each with the public page that proves it."""
    scope = _scope(request)
    page = Paginator(content.certified(scope), PAGE).get_page(request.GET.get("page"))
    today = clock.shanghai_date(clock.now())
    lines = [(duty, records.certificate_state(duty, on=today)) for duty in page]
    values = {"page": page, "lines": lines, "origin": platform_origin(request), **_frame(request, scope, "certificates")}
    return render(request, "plans/inspection/outside/certificates.html", values)


@_page
def package(request: HttpRequest) -> HttpResponseBase:
    """Give the package of the same scope."""
    link: InspectionLink = request.inspection  # type: ignore[attr-defined]
    limits.spend(TAKE_RATE, "inspect-take", client_ip(request))
    if link.package is None:
        raise DomainError("file_gone", _("企业没有为这次检查生成材料包，可以请企业补上。"), status=404)
    answer = zip_answer(link.package)
    agent = request.headers.get("User-Agent", "")
    links.note(link, InspectionVisit.What.PACKAGE, at=clock.now(), ip=client_ip(request), agent=agent)
    return answer
