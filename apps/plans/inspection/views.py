"""Pages of the manager: make links and packages for inspectors, see who opened them, take them back."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans.inspection import links, packages
from apps.plans.inspection.forms import InspectionForm
from apps.plans.models import InspectionPackage
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

PAGE = 20
ZIP = "application/zip"
_NEEDS = people.Permission.INSPECTION


def _me(request: HttpRequest) -> int:
    manager = people.profile(request).manager
    assert manager is not None  # noqa: S101 - `manager_page` lets nobody else in
    return manager.id


@require_http_methods(["GET", "POST"])
@people.manager_page(_NEEDS)
def listing(request: HttpRequest) -> HttpResponse:
    """List the links; make a new one and show its address, this once."""
    at = clock.now()
    form = InspectionForm(request.POST if request.method == "POST" else None, today=clock.shanghai_date(at))
    if form.is_valid():
        try:
            order, with_package = form.order(), form.cleaned_data["with_package"]
            link, token = links.make(order=order, by=_me(request), at=at, with_package=with_package)
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            url = request.build_absolute_uri(reverse("inspect-open", args=[token]))
            answer = render(request, "plans/inspection/made.html", {"link": link, "url": url})
            answer["Cache-Control"] = "private, no-store"
            return answer
    page = Paginator(links.links(), PAGE).get_page(request.GET.get("page"))
    values = {
        "form": form,
        "page": page,
        "lines": [(row, links.is_open(row, at)) for row in page],
        "packages": packages.newest(),
        "open_states": packages.OPEN,
    }
    return render(request, "plans/inspection/list.html", values, status=422 if form.errors else 200)


@require_GET
@people.manager_page(_NEEDS)
def link(request: HttpRequest, link: UUID) -> HttpResponse:
    """Show one link with every opening."""
    found = links.one(link)
    page = Paginator(found.visits.order_by("-at", "-pk"), 50).get_page(request.GET.get("page"))
    values = {"link": found, "page": page, "is_open": links.is_open(found, clock.now())}
    return render(request, "plans/inspection/link.html", values)


@require_POST
@people.manager_page(_NEEDS)
def revoke(request: HttpRequest, link: UUID) -> HttpResponse:
    """Take a link back at once."""
    links.revoke(link=link, by=_me(request), at=clock.now())
    return redirect("console-inspection-link", link)


@require_GET
@people.manager_page(_NEEDS)
def package(request: HttpRequest, package: UUID) -> HttpResponse:
    """Show one package: its progress while it is made (polled), then the download."""
    found = packages.of_uuid(package)
    is_open = found.state in packages.OPEN
    values = {
        "package": found,
        "is_open": is_open,
        "is_ready": packages.is_ready(found, clock.now()),
        "progress": packages.progress_of(found) if is_open else None,
    }
    return render(request, "plans/inspection/package.html", values)


@require_POST
@people.manager_page(_NEEDS)
def cancel(request: HttpRequest, package: UUID) -> HttpResponse:
    """Stop a package."""
    packages.cancel(uuid=package, at=clock.now())
    return redirect("console-inspection-package", package)


@require_GET
@people.manager_page(_NEEDS)
def file(request: HttpRequest, package: UUID) -> HttpResponseBase:
    """Give the ZIP to a manager."""
    found = packages.of_uuid(package)
    answer = zip_answer(found)
    who = f"manager:{_me(request)}"
    audit.record("inspection.package_taken", actor=who, target=f"package:{package}", at=clock.now(), ip=client_ip(request))
    return answer


def zip_answer(found: InspectionPackage) -> HttpResponseBase:
    """Return the ZIP to be saved; never kept by caches.

    :raises DomainError: 409 ``package_running``; 410 ``file_gone``
    """
    answer = StreamingHttpResponse(packages.file_of(found, at=clock.now()), content_type=ZIP)
    name = _("迎检材料-%(day)s.zip") % {"day": clock.shanghai_date(found.at).isoformat()}
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Length"] = str(found.size)
    return answer
