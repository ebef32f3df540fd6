"""Pages of the platform on an enterprise's host: announcements (opening one marks it as read), qualifications, privacy."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.people import access
from apps.people.announcements.readers import audiences_of, reader_of
from apps.people.permissions import Permission
from infra.kit import clock
from public.site import api as site
from tenants.api import current_site, platform_scope

PAGE = 20


@require_GET
@access.declares(Permission.SIGNED_IN)
def listing(request: HttpRequest) -> HttpResponseBase:
    """List what is announced to whoever asks, pinned ones first."""
    who, here = access.profile(request), current_site()
    if who.kind is None:
        return access.to_sign_in(request)
    rows = site.live(audiences=audiences_of(who), division=here.division_code, at=clock.now())
    rows = site.with_marks(rows, schema=here.schema_name, reader=reader_of(who))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "lines": [(row, site.words_of(row)[0]) for row in page],
        "page_title": _("平台公告"),
        "frame": _frame(request),
    }
    return render(request, "people/announcements/list.html", values)


@require_GET
@access.declares(Permission.SIGNED_IN)
def detail(request: HttpRequest, announcement: UUID) -> HttpResponseBase:
    """Show an announcement and mark it as read."""
    who, here, at = access.profile(request), current_site(), clock.now()
    if who.kind is None:
        return access.to_sign_in(request)
    row = site.one(announcement, audiences=audiences_of(who), division=here.division_code, at=at)
    if who.visit is None:
        site.see(row, reader=reader_of(who), at=at)
    title, text = site.words_of(row)
    values = {"row": row, "title": title, "text": text, "page_title": title, "frame": _frame(request)}
    return render(request, "people/announcements/detail.html", values)


@require_GET
@access.declares(Permission.PUBLIC)
def qualifications(request: HttpRequest) -> HttpResponse:
    """Show who runs the platform and with which right, on the enterprise's own host (clauses 一.1 to 一.3)."""
    with platform_scope():
        values = site.qualifications()
    return render(request, "people/announcements/qualifications.html", values)


@require_GET
@access.declares(Permission.PUBLIC)
def qualification_scan(request: HttpRequest, paper: UUID) -> HttpResponseBase:
    """Give the scan of one of the operator's papers."""
    with platform_scope():
        return site.scan(paper)


@require_GET
@access.declares(Permission.PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what is kept of a person, why, how long."""
    with platform_scope():
        values = site.privacy(clock.shanghai_date(clock.now()))
    return render(request, "people/announcements/privacy.html", values)


def _frame(request: HttpRequest) -> str:
    """Return the frame of the side on which the reader is: managers theirs, learners theirs."""
    return "ui/console.html" if access.profile(request).manager is not None else "ui/learner.html"
