"""Pages of the dashboards: the overview, its charts, the people behind a cell, all of it as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.people import api as people
from apps.plans import notices
from apps.plans.dashboards import advice, filters, heat, queries, sheets
from apps.plans.first_steps import steps as first_steps
from apps.plans.ports import STUDY
from apps.plans.signing import queries as signing
from apps.plans.views import own_courses
from infra.kit import clock
from public.audit import api as audit
from public.portal import api as portal
from tenants.addresses import client_ip
from tenants.api import platform_scope, require

PAGE = 50


def _asked(request: HttpRequest) -> filters.Filters:
    return filters.read(request.GET.dict(), within=people.within(request), at=clock.now())


@require_GET
@people.manager_page(people.Permission.CONSOLE)
def overview(request: HttpRequest) -> HttpResponse:
    """Say whether the enterprise is compliant, how far each unit is, and what to do next."""
    asked = _asked(request)
    board = heat.heat(asked)
    found = queries.overview(asked, board)
    manager = people.profile(request).manager
    todo = advice.steps(
        found,
        asked,
        can=frozenset(str(one) for one in people.permissions(request)),
        objected=signing.open_count(within=asked.within),
        unread=notices.unread_count(manager_id=manager.id) if manager else 0,
        ending=own_courses.rights_ending(request),
        waiting=STUDY.get().waiting(asked.within),
        notices=_notices_of_authorities(),
    )
    values = {
        "o": found,
        "verdict": advice.verdict(found),
        "steps": todo,
        "heat": board,
        "cells_open": people.Permission.PLANS_SEE in people.permissions(request),
        "first_steps": first_steps.shown(request),
        **_frame(asked),
    }
    return render(request, "plans/dashboards/overview.html", values)


def _notices_of_authorities() -> int:
    schema = require().schema
    with platform_scope():
        return portal.waiting_count(schema)


def _frame(asked: filters.Filters) -> dict[str, Any]:
    """Return what the filter bar and links need."""
    keys = {"unit_key": str(asked.unit_id or ""), "plan_key": str(asked.plan.uuid) if asked.plan else ""}
    return {"asked": asked, "units": asked.choices(), "plans": queries.running_plans(asked), "periods": filters.PERIODS, **keys}


@require_GET
@people.manager_page(people.Permission.CONSOLE)
def figures(request: HttpRequest) -> HttpResponse:
    """Show hours, exams and alerts of a period; the overview loads them after itself."""
    asked = _asked(request)
    values = {"figures": queries.figures(asked), **_frame(asked)}
    return render(request, "plans/dashboards/figures.html", values)


@require_GET
@people.manager_page(people.Permission.PLANS_SEE)
def persons(request: HttpRequest) -> HttpResponse:
    """List the people behind a cell or a number; ``?export=xlsx`` or ``pdf`` gives the same rows as a file."""
    asked = _asked(request)
    said = {key: request.GET.get(key, "") for key in ("state", "sort")}
    own = request.GET.get("own") == "1"
    rows = queries.persons(asked, text=request.GET.get("q", "")[:60], own=own, **said)
    if request.GET.get("export") in sheets.KINDS:
        return _file(request, sheets.persons(rows, asked, kind=request.GET["export"]), _("学员进度"), request.GET["export"])
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    is_filtered = any(request.GET.get(key) for key in ("q", "state", "plan", "unit"))
    values = {"page": page, "duties": queries.loaded(page), "said": said, "own": own, "is_filtered": is_filtered, **_frame(asked)}
    return render(request, "plans/dashboards/persons.html", values)


@require_GET
@people.manager_page(people.Permission.PLANS_SEE)
def export(request: HttpRequest) -> HttpResponse:
    """Give the whole dashboard as a workbook, or with ``format=pdf`` as a document."""
    asked = _asked(request)
    kind = "pdf" if request.GET.get("format") == "pdf" else "xlsx"
    board = heat.heat(asked)
    found = sheets.Content(queries.overview(asked, board), board, queries.figures(asked), asked)
    return _file(request, sheets.dashboard(found, kind=kind, at=clock.now()), _("培训总览"), kind)


def _file(request: HttpRequest, content: bytes, name: str, kind: str) -> HttpResponse:
    manager = people.profile(request).manager
    who = f"manager:{manager.id if manager else 0}"
    audit.record("plans.figures_exported", actor=who, target="figures", at=clock.now(), ip=client_ip(request), format=kind)
    return sheets.download(content, name, kind)
