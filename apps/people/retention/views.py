"""Pages of packages and holds."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.people import access, queries
from apps.people.permissions import Permission
from apps.people.retention.forms import EVERYBODY, EndForm, HoldForm, found_people
from apps.people.views.people import download
from apps.records.retention import api as retention
from apps.records.retention.api import By, Package
from infra.kit import clock, sheets
from infra.kit.errors import DomainError

PAGE, MOST_EXPORTED = 24, 10_000


def by(request: HttpRequest) -> By:
    """Return who asks, as it is written down."""
    manager = access.manager_of(request)
    return By(f"manager:{manager.id}", manager.name)


@require_GET
@access.manager_page(Permission.RETENTION_SEE)
def packages(request: HttpRequest) -> HttpResponse:
    """Show periods of law and the packages by month; ``q`` finds those that tell of one learner; ``export=xlsx`` gives the list as a file."""
    get, today = request.GET, clock.shanghai_date(clock.now())
    text = get.get("q", "").strip()
    people = found_people(text)
    years = retention.years()
    rows = retention.packages(
        what=get.get("what", ""),
        state=get.get("state", ""),
        subject=people[0].uuid if len(people) == 1 else None,
        year=next((year for year in years if str(year) == get.get("year")), None),
    )
    rows = rows.none() if text and len(people) != 1 else rows
    if get.get("export") == "xlsx":
        return _export(list(sheets.not_too_many(rows, MOST_EXPORTED)))
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "rows": [(row, retention.contents(row)) for row in page],
        "totals": retention.totals(),
        "terms": retention.terms(today),
        "broken": retention.not_whole(clock.now()),
        "held": retention.standing(today).count(),
        "people": people,
        "text": text,
        "chosen": get,
        "years": years,
        "kinds": [one for one in retention.What.choices if one[0] in retention.PACKED],
        "here": "packages",
    }
    return render(request, "people/retention/packages.html", values)


def _export(rows: list[Package]) -> HttpResponse:
    heads = [
        _("月份"),
        _("数据"),
        _("卷"),
        _("记录数"),
        _("大小（字节）"),
        _("归档时间"),
        _("在线数据清理时间"),
        _("保存至"),
        "SHA-256",
    ]
    lines: list[list[str | int | float]] = [
        [
            f"{row.month:%Y-%m}",
            row.get_what_display(),
            row.volume,
            row.rows,
            row.size,
            _time(row.verified_at),
            _time(row.erased_at),  # type: ignore[attr-defined] # annotated
            row.kept_until.isoformat(),
            row.sha256,
        ]
        for row in rows
    ]
    return download(sheets.xlsx_file(_("归档包"), heads, lines), _("归档包"))


def _time(at: Any) -> str:
    return at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.RETENTION_SEE, post=Permission.RETENTION_CHANGE)
def holds(request: HttpRequest) -> HttpResponse:
    """List the holds; place one on a learner who was found, or on everybody."""
    people = found_people(request.GET.get("q", ""))
    form = HoldForm(request.POST if request.method == "POST" else None, people=people, first=(EVERYBODY, _("全企业")))
    if form.is_valid():
        said, who = form.cleaned_data, by(request)
        try:
            retention.place_hold(
                subject=form.subject,
                reason=said["reason"],
                until=said["until"],
                by=who.reference,
                by_name=who.name,
                at=clock.now(),
            )
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            return redirect("console-retention-holds")
    is_ended = request.GET.get("show") == "ended"
    page = Paginator(retention.holds(ended=is_ended), PAGE).get_page(request.GET.get("page"))
    names = names_of([row.subject for row in page if row.subject])
    values = {
        "page": page,
        "rows": [(row, names.get(row.subject, "—") if row.subject else _("全企业")) for row in page],
        "form": form,
        "is_ended": is_ended,
        "here": "holds",
        "today": clock.shanghai_date(clock.now()),
    }
    return render(request, "people/retention/holds.html", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.RETENTION_CHANGE)
def end_hold(request: HttpRequest, hold: UUID) -> HttpResponse:
    """Ask why, and end a hold."""
    row = retention.holds().filter(uuid=hold).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条保留，或者已经结束。"), status=404)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        who = by(request)
        try:
            retention.end_hold(hold=hold, reason=form.cleaned_data["reason"], by=who.reference, by_name=who.name, at=clock.now())
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            return redirect("console-retention-holds")
    name = names_of([row.subject]).get(row.subject, "—") if row.subject else _("全企业")
    values = {"row": row, "name": name, "form": form}
    return render(request, "people/retention/end_hold.html", values, status=422 if form.errors else 200)


def names_of(subjects: list[UUID]) -> dict[UUID, str]:
    """Return the names of learners by uuid, in one query."""
    return {subject: name for subject, (name, _unit) in queries.names_of(subjects).items()}


def on_field(form: Any, refusal: DomainError) -> None:
    """Say a refusal beside the field that it is about."""
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
