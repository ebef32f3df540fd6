"""Announcements: the public's page, and the desk's."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page, frame, notices_of, see, spoken
from public.site.announcing import queries, services
from public.site.announcing.models import Announcement
from public.site.forms_desk import AnnouncementForm, WithdrawForm
from tenants import divisions
from tenants.addresses import client_ip

_PAGE, _MOST_EXPORTED = 20, 5_000
_STATES = (("live", _("正在显示")), ("coming", _("尚未开始")), ("over", _("已结束")), ("withdrawn", _("已撤回")))


@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    """List what is announced to everybody."""
    rows = queries.live(audiences=queries.STRANGER, division="", at=clock.now())
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    lines = [(row, *queries.words_of(row)) for row in page]
    return render(request, "site/announcing/public.html", {"page": page, "lines": lines})


@require_GET
@desk_page()
def own(request: HttpRequest, me: Me) -> HttpResponse:
    """Show what this operator was reminded of and what is announced to people of the platform, and mark both as read."""
    at = clock.now()
    page = Paginator(queries.live(audiences=queries.OPERATOR, division="", at=at), _PAGE).get_page(request.GET.get("page"))
    services.see(*page, reader=queries.reader_of(me), at=at)
    lines = [(row, *queries.words_of(row)) for row in page]
    told = list(notices_of(me.credential_id)[:_PAGE])
    reminders = [(row, spoken(row).words(row.facts), row.seen_at is None) for row in told]
    see(told, at=at)
    context = {"page_title": _("公告和提醒"), "page": page, "lines": lines, "reminders": reminders}
    return render(request, "site/announcing/own.html", {**frame(request, me, "desk"), **context})


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List all announcements with how many have read them; ``export=xlsx`` gives the list as a file."""
    get, at = request.GET, clock.now()
    rows = queries.listed(search=get.get("q", ""), state=get.get("state", ""), at=at)
    if get.get("export") == "xlsx":
        return _export(list(sheets.not_too_many(rows, _MOST_EXPORTED)))
    page = Paginator(rows, _PAGE).get_page(get.get("page"))
    context = {
        "page_title": _("公告"),
        "page": page,
        "rows": [(row, _place(row), row.starts_at > at, row.is_live(at)) for row in page],
        "states": [(value, _(str(label))) for value, label in _STATES],
        "chosen": get,
    }
    return render(request, "site/announcing/desk.html", {**frame(request, me, "desk-announcements"), **context})


def _place(row: Announcement) -> str:
    """Return the name of the city or county that an announcement is for, or ""."""
    if len(row.division) == 6:
        return divisions.full_name(row.division)
    names = {city.code[:4]: city.name for city in divisions.CITIES}
    return str(names.get(row.division, row.division))


def _export(rows: list[Announcement]) -> HttpResponse:
    heads = [_("标题"), _("对象"), _("地区"), _("开始"), _("结束"), _("撤回"), _("已读人数"), _("发布人")]
    lines: list[list[sheets.Cell]] = [
        [
            row.title, row.get_audience_display(), _place(row), _day(row.starts_at), _day(row.ends_at), _day(row.withdrawn_at),
            int(getattr(row, "readers", 0)), row.by_name,
        ]
        for row in rows
    ]  # fmt: skip
    answer = HttpResponse(sheets.xlsx_file(_("公告"), heads, lines), content_type=sheets.XLSX)
    answer["Content-Disposition"] = 'attachment; filename="announcements.xlsx"'
    return answer


def _day(at: object) -> str:
    from datetime import datetime

    return f"{clock.shanghai_date(at):%Y-%m-%d}" if isinstance(at, datetime) else ""


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def publish(request: HttpRequest, me: Me) -> HttpResponse:
    """Announce something."""
    form, at = AnnouncementForm(request.POST if request.method == "POST" else None), clock.now()
    if form.is_valid():
        said = {**form.cleaned_data, "starts_at": form.cleaned_data["starts_at"] or at}
        try:
            services.publish(draft=services.Draft(**said), me=me, at=at, ip=client_ip(request))
        except DomainError as error:
            field = error.details.get("field")
            form.add_error(field if field in form.fields else None, error.message)
        else:
            messages.success(request, _("已发布。"))
            return redirect("desk-announcements")
    context = {"page_title": _("发布公告"), "form": form}
    return render(
        request,
        "site/announcing/new.html",
        {**frame(request, me, "desk-announcements"), **context},
        status=422 if form.errors else 200,
    )


@require_POST
@desk_page(Role.OPERATIONS)
def withdraw(request: HttpRequest, me: Me, announcement: UUID) -> HttpResponse:
    """Take an announcement away."""
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    services.withdraw(announcement=announcement, reason=reason, me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已撤回。"))
    return redirect("desk-announcements")
