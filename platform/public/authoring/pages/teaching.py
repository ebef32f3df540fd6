"""Who teaches a version, for everybody on the desk who judges it: certificates with their terms and scans."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from infra.kit import clock
from public.authoring.pages.trainers import BADGES, scan
from public.catalogue.api import authoring
from public.operators.api import Me, Role, desk_page, frame


@require_GET
@desk_page(Role.REVIEWER, Role.OPERATIONS)
def teacher(request: HttpRequest, me: Me, version_id: int) -> HttpResponse:
    """Show the certificates of a version's trainer."""
    line = authoring.trainer_of_version(version_id, on=clock.shanghai_date(clock.now()))
    context = {
        "page_title": _("讲师资格"),
        "trainer": line,
        "certificates": [(one, BADGES[one.standing]) for one in line.certificates],
        "back_url": reverse("desk-course", args=[version_id]),
    }
    return render(request, "authoring/teacher.html", {**frame(request, me, "desk-courses"), **context})


@require_GET
@never_cache
@desk_page(Role.REVIEWER, Role.OPERATIONS)
def evidence(request: HttpRequest, me: Me, qualification_id: int) -> HttpResponseBase:
    """Give the scan of a certificate, whoever's trainer holds it."""
    return scan(authoring.evidence_of(qualification_id))
