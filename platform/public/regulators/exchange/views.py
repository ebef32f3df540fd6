"""The desk of the exchange; operations only."""

from datetime import date
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.operators import api as operators
from public.operators.api import Me, Queue, Role, desk_page, frame
from public.regulators import feed
from public.regulators.exchange import board, partners, receipts, reconciling, tables, wording
from public.regulators.exchange.forms import PartnerForm
from public.regulators.exchange.models import DayFile, Delivery, Partner
from public.regulators.models import FeedRecord
from tenants.addresses import client_ip

PER_PAGE, MOST_IN_SHEET = 50, 10_000
_MENU = "desk-exchange"


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the partners and how they stand; figures of this page above."""
    get, at = request.GET, clock.now()
    page, lines = board.page(search=get.get("q", ""), state=get.get("state", ""), number=get.get("page", "1"), at=at)
    context = {
        "page_title": _("监管报送"),
        "page": page,
        "lines": lines,
        "totals": board.totals(lines),
        "states": Partner.State.choices,
        "chosen": get,
    }
    return render(request, "regulator/exchange/list.html", {**frame(request, me, _MENU), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """Open a partner."""
    at = clock.now()
    form = PartnerForm(request.POST) if request.method == "POST" else PartnerForm(initial={"since": partners.first_day(at)})
    if form.is_bound and form.is_valid():
        try:
            row = partners.open_partner(wanted=form.wanted(), me=me, at=at, ip=client_ip(request))
        except DomainError as refusal:
            form.add_error(refusal.details.get("field"), str(refusal.message))
        else:
            messages.success(request, _("对接系统已建立。请把本页的访问标识和公钥交给对方。"))
            return redirect("desk-exchange-partner", row.uuid)
    context = {"page_title": _("新建对接系统"), "form": form}
    status = 422 if form.errors else 200
    return render(request, "regulator/exchange/new.html", {**frame(request, me, _MENU), **context}, status=status)


@require_GET
@desk_page(Role.OPERATIONS)
def partner(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """Show one partner: how it stands, what it needs to know of us, day by day what it has and lacks."""
    row, at = partners.one(partner), clock.now()
    days = board.days(row, at=at)
    if request.GET.get("export") == "xlsx":
        return _sheet(tables.days(days), f"{row.code}-报送.xlsx")
    context = {
        "page_title": row.name,
        "standing": board.standings([row], at=at)[0],
        "row": row,
        "days": days,
        "kinds": board.kinds(row, at=at),
        "problem": wording.problem(row.problem),
        "public_key": bytes(row.own_public).hex(),
        "soap_url": request.build_absolute_uri("/exchange/v1/exchange-1.wsdl"),
        "api_url": request.build_absolute_uri("/api/exchange/v1"),
    }
    return render(request, "regulator/exchange/partner.html", {**frame(request, me, _MENU), **context})


@require_POST
@desk_page(Role.OPERATIONS)
def state(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """Pause, go on, close, or call at once."""
    wanted, at, ip = request.POST.get("state", ""), clock.now(), client_ip(request)
    if wanted == "NOW":
        partners.call_now(uuid=partner, me=me, at=at, ip=ip)
        messages.success(request, _("马上重新连接，结果稍后在本页显示。"))
    elif wanted in Partner.State.values:
        partners.set_state(uuid=partner, state=wanted, me=me, at=at, ip=ip)
        messages.success(request, _("状态已更新。"))
    else:
        raise DomainError("invalid", _("没有这种操作，请刷新页面后重试。"), status=422)
    return redirect("desk-exchange-partner", partner)


@require_GET
@desk_page(Role.OPERATIONS, label=PERSONS)
def dead(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """List what was rejected or given up, with reasons; every filter lives in the address."""
    row, get = partners.one(partner), request.GET
    rows = board.dead_letters(row, search=get.get("q", ""), kind=get.get("kind", ""), state=get.get("state", ""))
    if get.get("export") == "xlsx":
        return _sheet(tables.dead_letters(list(sheets.not_too_many(rows, MOST_IN_SHEET))), f"{row.code}-退回.xlsx")
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    names, told = board.names(page), feed.told([one.record for one in page])
    context = {
        "page_title": _("退回和未送达"),
        "row": row,
        "page": page,
        "lines": [
            (one, names.get(one.record.schema_name, ""), said, one.reason or wording.problem(one.code))
            for one, said in zip(page, told, strict=True)
        ],
        "kinds": FeedRecord.Kind.choices,
        "states": [(one.value, one.label) for one in (Delivery.State.REJECTED, Delivery.State.STUCK)],
        "chosen": get,
    }
    return render(request, "regulator/exchange/dead.html", {**frame(request, me, _MENU), **context})


@require_POST
@desk_page(Role.OPERATIONS, label=PERSONS)
def resend(request: HttpRequest, me: Me, partner: UUID) -> HttpResponse:
    """Send again: those that were ticked, or everything that the filter finds."""
    row, post = partners.one(partner), request.POST
    if row.state == Partner.State.CLOSED:
        raise partners.closed()
    rows = board.dead_letters(row, search=post.get("q", ""), kind=post.get("kind", ""), state=post.get("state", ""))
    if post.get("all") != "1":
        chosen = [int(one) for one in post.getlist("one") if one.isascii() and one.isdigit() and len(one) < 19]
        if not chosen:
            raise DomainError("nothing_chosen", _("请先勾选要重新报送的记录。"), status=422)
        rows = rows.filter(pk__in=chosen)
    actor = f"operator:{me.credential_id}"
    count = receipts.resend(rows, actor=actor, target=f"partner:{row.uuid}", at=clock.now(), ip=client_ip(request))
    words = ngettext("%(n)s 条记录已排队重新报送。", "%(n)s 条记录已排队重新报送。", count) % {"n": count}
    messages.success(request, words)
    chosen_by = {name: post[name] for name in ("q", "kind", "state") if post.get(name)}
    return redirect(reverse("desk-exchange-dead", args=[partner]) + (f"?{urlencode(chosen_by)}" if chosen_by else ""))


@require_GET
@desk_page(Role.OPERATIONS)
def day_file(request: HttpRequest, me: Me, partner: UUID, day: str) -> HttpResponse:
    """Download the file of one day, or one part of it."""
    row = partners.one(partner)
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    file = DayFile.objects.select_related("partner").filter(partner=row, day=wanted).first()
    if file is not None and reconciling.is_thinned(file):
        raise DomainError("thinned", _("这一天已经对账，逐条明细已过保存期限。"), status=410)
    text = request.GET.get("part", "1")
    part = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    said = reconciling.document(row, wanted, part=part)
    name = f"{row.code}-{wanted.isoformat()}{f'-{part}' if said['parts'] > 1 else ''}.json"
    return JsonResponse(said, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def queues(me: Me) -> list[Queue]:
    """Tell operations what waits at this desk."""
    if me.role != operators.Role.OPERATIONS:
        return []
    dead = Delivery.objects.filter(state__in=[Delivery.State.REJECTED, Delivery.State.STUCK])
    dead_count = dead.exclude(partner__state=Partner.State.CLOSED).count()  # nothing of those can be sent again
    failing = Partner.objects.filter(state=Partner.State.ACTIVE, failures__gt=0).count()
    url = reverse("desk-exchange")
    return [
        Queue(gettext_lazy("监管退回的记录"), dead_count, url, gettext_lazy("查看原因，更正后重新报送")),
        Queue(gettext_lazy("连接不上的监管系统"), failing, url, gettext_lazy("系统在自动重试")),
    ]


def _sheet(content: bytes, name: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=sheets.XLSX, headers={"Content-Disposition": disposition})
