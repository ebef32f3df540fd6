"""Pages of operations about status: how it is, incidents, saying more."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page, frame
from public.site.forms_desk import IncidentForm, WordForm
from public.site.status import queries, rules, services
from public.site.status.models import Component, Incident
from tenants.addresses import client_ip

_PAGE = 20


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List incidents; say what does not answer and has no word yet."""
    get, at = request.GET, clock.now()
    page = Paginator(queries.incidents(search=get.get("q", ""), kind=get.get("kind", "")), _PAGE).get_page(get.get("page"))
    context = {
        "page_title": _("运行状态"),
        "page": page,
        "rows": [(row, row.is_open(at), row.is_coming(at)) for row in page],
        "kinds": Incident.Kind.choices,
        "chosen": get,
        "lines": queries.lines(at=at, days=1),
        "month": next(iter(queries.months(at=at, count=1)), None),
        "silent": queries.silent(at=at),
        "unexplained": [Component(one).label for one in queries.unexplained(at=at)],
        "promised": f"{rules.PROMISED * 100:.1f}",
    }
    return render(request, "site/status/desk.html", {**frame(request, me, "desk-status"), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def begin(request: HttpRequest, me: Me) -> HttpResponse:
    """Write an incident down."""
    form, at = IncidentForm(request.POST if request.method == "POST" else None, initial=_gap(request)), clock.now()
    if form.is_valid():
        said = form.cleaned_data
        report = services.Report(
            kind=said["kind"], title=said["title"], text=said["text"], title_en=said["title_en"], text_en=said["text_en"],
            components=said["components"], starts_at=said["starts_at"] or at, ends_at=said["ends_at"],
        )  # fmt: skip
        try:
            row = services.begin(report=report, me=me, at=at, ip=client_ip(request))
        except DomainError as error:
            field = error.details.get("field")
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, _("已公布。"))
            return redirect("desk-incident", row.uuid)
    context = {"page_title": _("公布故障或维护"), "form": form}
    return render(
        request, "site/status/new.html", {**frame(request, me, "desk-status"), **context}, status=422 if form.errors else 200
    )


def _gap(request: HttpRequest) -> dict[str, datetime]:
    """Return the times of the gap that somebody came from, for the form; nothing where they are no times."""
    found = {name: _moment(request.GET.get(name, "")) for name in ("starts_at", "ends_at")}
    return {name: at for name, at in found.items() if at is not None}


def _moment(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
        return timezone.localtime(at) if at is not None and timezone.is_aware(at) else None
    except (ValueError, OverflowError):  # looks like a moment, but there is no such day, or none that our clocks show
        return None


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def incident(request: HttpRequest, me: Me, incident: UUID) -> HttpResponse:
    """Show an incident and say more about it."""
    row = queries.incidents().filter(uuid=incident).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条记录。"), status=404)
    form = WordForm(request.POST if request.method == "POST" else None, kind=row.kind)
    if form.is_valid():
        try:
            services.say(incident=incident, me=me, at=clock.now(), ip=client_ip(request), **form.cleaned_data)
        except DomainError as error:
            if error.status != 422:
                raise
            field = error.details.get("field")
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, _("已公布。"))
            return redirect("desk-incident", incident)
    words = sorted(row.words.all(), key=lambda word: word.at, reverse=True)
    context = {
        "page_title": row.shown_title,
        "row": row,
        "words": [{"at": one.at, "title": one.get_stage_display(), "text": one.shown_text, "tone": "info"} for one in words],
        "form": form,
    }
    return render(
        request, "site/status/incident.html", {**frame(request, me, "desk-status"), **context}, status=422 if form.errors else 200
    )
