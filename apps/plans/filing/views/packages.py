"""Pages of packages: choose files, watch them being packed, take the ZIP."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.people import api as people
from apps.plans import console
from apps.plans.filing.views import asking
from apps.plans.filing.views.learners import filters
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError

PAGE = 25
SEE = people.Permission.ARCHIVE_SEE
ZIP = "application/zip"
Kind = records.ArchivePackage.Kind


def _whose(request: HttpRequest) -> str:
    """Return whose packages the asker sees: a supervisor the own ones, for others' may hold people of other units."""
    return "" if people.within(request) is None else asking.ref(request)


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List packages, newest first."""
    page = Paginator(records.packages(by=_whose(request)), PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "open_states": records.OPEN_PACKAGES,
        "waiting": records.waiting_corrections() if people.within(request) is None else 0,
    }
    return render(request, "plans/filing/packages.html", values)


@require_POST
@people.manager_page(SEE)
def order(request: HttpRequest) -> HttpResponse:
    """Pack the chosen files, or with ``all`` everything that the list's filters (``back``) show."""
    kind = Kind.CLASSES if request.POST.get("kind") == Kind.CLASSES else Kind.LEARNERS
    try:
        chosen = _plans(request) if kind == Kind.CLASSES else _learners(request)
        made = records.order_package(
            kind=kind, subjects=chosen, within=people.within(request), by=asking.ref(request), by_name=asking.manager(request).name,
            at=clock.now(),
        )  # fmt: skip
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("console-archives" if kind == Kind.LEARNERS else "console-archive-classes")
    return redirect("console-archive-package", made.uuid)


def _learners(request: HttpRequest) -> list[UUID]:
    within = people.within(request)
    if "all" in request.POST:
        asked = filters(QueryDict(request.POST.get("back", "")[:500]))
        return list(people.subjects(**asked, within=within)[: records.MOST_FILES + 1])  # type: ignore[arg-type]
    return list(people.subjects(within=within).filter(uuid__in=asking.uuids(request.POST.getlist("ids"))))


def _plans(request: HttpRequest) -> list[UUID]:
    today, within = clock.shanghai_date(clock.now()), people.within(request)
    rows = console.plan_list(today=today, within=within).filter(sample=False)
    if "all" in request.POST:
        asked = QueryDict(request.POST.get("back", "")[:500])
        rows = console.plan_list(text=asked.get("q", "")[:60], state=asked.get("state", ""), today=today, within=within)
        return list(rows.filter(sample=False).values_list("uuid", flat=True)[: records.MOST_FILES + 1])
    return list(rows.filter(uuid__in=asking.uuids(request.POST.getlist("ids"))).values_list("uuid", flat=True))


@require_GET
@people.manager_page(SEE)
def package(request: HttpRequest, package: UUID) -> HttpResponse:
    """Show one package: its progress while it is made (polled), then the download."""
    found = records.package(package, by=_whose(request))
    is_open = found.state in records.OPEN_PACKAGES
    values = {
        "package": found,
        "files": len(found.subjects),
        "is_open": is_open,
        "is_ready": records.package_is_ready(found, clock.now()),
        "progress": records.package_progress(found) if is_open else None,
    }
    return render(request, "plans/filing/package.html", values)


@require_POST
@people.manager_page(SEE)
def cancel(request: HttpRequest, package: UUID) -> HttpResponse:
    """Stop a package."""
    records.cancel_package(uuid=package, by=_whose(request), at=clock.now())
    return redirect("console-archive-package", package)


@require_GET
@people.manager_page(SEE)
def file(request: HttpRequest, package: UUID) -> HttpResponseBase:
    """Give the ZIP.

    :raises DomainError: 404 ``not_found``; 409 ``package_running``; 410 ``file_gone``
    """
    found = records.package(package, by=_whose(request))
    pieces = records.package_file(found, by=asking.ref(request), at=clock.now())
    day = clock.shanghai_date(found.at).isoformat()
    name = _("%(kind)s-%(day)s.zip") % {"kind": found.get_kind_display(), "day": day}
    return asking.given_in_pieces(pieces, found.size, name, ZIP)
