"""One enterprise: its figures, its plans and classes, and who is in them; names with stars, and each look at people stands in its log."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from infra.kit import marking
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.portal import reading, statistics
from public.portal.ports import TRAININGS, Detail, Training
from public.portal.views.common import asker_of, enterprise_of, period_choices, period_of, period_words, today
from public.portal.views.statistics import figures
from public.regulators.api import Authority, page_frame, regulator_page
from tenants import divisions
from tenants.api import Enterprise, Site, enterprise_scope, site_by_schema

MOST = 100
"""Plans, and classes, that the page of an enterprise shows: the newest."""


@require_GET
@regulator_page
def enterprise(request: HttpRequest, who: Authority, company: UUID) -> HttpResponse:
    """Show one enterprise of the division."""
    row, asker, period = enterprise_of(who, company), asker_of(request, who), period_of(request)
    plans: list[Training] = []
    classes: list[Training] = []
    if site := site_by_schema(row.schema_name):  # of a destroyed one the authority's own notices and figures are left
        with enterprise_scope(site):
            plans = TRAININGS.get().plans(most=MOST)
            classes = TRAININGS.get().classes(most=MOST, at=asker.at)
    notices = reading.of_enterprise(row.schema_name, today=today())[: reading.PER_PAGE]
    context = {
        "page_title": row.name,
        "row": row,
        "division": divisions.full_name(row.division_code),
        "industry": divisions.industry_name(row.industry_code),
        "period": period,
        "period_words": period_words(period),
        "periods": period_choices(),
        "total": (total := statistics.of_enterprise(row.schema_name, period=period)),
        "figures": figures(total),
        "bars": statistics.trend(who.division_prefix, today=today(), schema=row.schema_name),
        "plans": plans,
        "classes": classes,
        "most": MOST,
        "notices": reading.lines(notices, today=today()),
    }
    return render(request, "portal/enterprise.html", {**page_frame(who, "regulator-enterprises"), **context})


@never_cache
@require_GET
@regulator_page
def plan(request: HttpRequest, who: Authority, company: UUID, training: UUID) -> HttpResponse:
    """Show a plan of an enterprise and a page of its people."""
    row = enterprise_of(who, company)
    with enterprise_scope(_site(row)):
        found = TRAININGS.get().plan(training, number=request.GET.get("page", "1"))
    return _training(request, who, row, found, kind="plan", words=_("培训计划"))


@never_cache
@require_GET
@regulator_page
def klass(request: HttpRequest, who: Authority, company: UUID, training: UUID) -> HttpResponse:
    """Show a class of an enterprise and a page of its people."""
    row, asker = enterprise_of(who, company), asker_of(request, who)
    with enterprise_scope(_site(row)):
        found = TRAININGS.get().klass(training, number=request.GET.get("page", "1"), at=asker.at)
    return _training(request, who, row, found, kind="class", words=_("线下培训"))


def _training(request: HttpRequest, who: Authority, row: Enterprise, found: Detail, *, kind: str, words: str) -> HttpResponse:
    asker = asker_of(request, who)
    audit.exchanged(
        "regulator.people_shown",
        audit.Direction.OUT,
        actor=asker.actor,
        target=f"{kind}:{found.training.uuid}",
        at=asker.at,
        ip=asker.ip,
        party=asker.party,
        what="learners",
        rows=len(found.persons),
        label=marking.PERSONS.code,
        schema_name=row.schema_name,
    )
    context: dict[str, Any] = {
        "page_title": found.training.title,
        "row": row,
        "kind": words,
        "is_plan": kind == "plan",
        "training": found.training,
        "persons": found.persons,
        "page": found.page,
        "back": reverse("regulator-enterprise", args=[row.uuid]),
    }
    return render(request, "portal/training.html", {**page_frame(who, "regulator-enterprises"), **context})


def _site(row: Enterprise) -> Site:
    site = site_by_schema(row.schema_name)
    if site is None:
        raise DomainError("no_enterprise", _("本辖区没有这家企业，请从企业列表选择。"), status=404)
    return site
