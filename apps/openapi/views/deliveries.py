"""The manager's pages of what was pushed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.openapi.hooks import addressing, delivering, desk, kinds
from apps.openapi.models import HookDelivery
from apps.openapi.views.shared import acting, download, log
from apps.people import api as people
from infra.kit import clock, sheets
from infra.kit.errors import DomainError

SEE, CHANGE = people.Permission.INTERFACES_SEE, people.Permission.INTERFACES_CHANGE
PAGE, MOST_AT_ONCE, MOST_IN_SHEET = 50, 200, 10_000


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List deliveries; filters live in the address, ``export=xlsx`` gives what is listed as a file."""
    get = request.GET
    chosen: dict[str, Any] = {"text": get.get("q", "")[:40], "state": get.get("state", "")[:10], "kind": get.get("kind", "")[:20]}
    chosen["hook"] = desk.as_uuid(get.get("hook", "")[:40])
    rows = desk.listing(**chosen)
    if get.get("export") == "xlsx":
        return _export(request, rows)
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "lines": [desk.line(row) for row in page],
        "figures": desk.figures(at=clock.now()),
        "states": HookDelivery.State.choices,
        "kinds": [(name, kind.label) for name, kind in kinds.KINDS.items()],
        "hooks": addressing.hooks(),
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
    }
    return render(request, "openapi/deliveries.html", values)


@require_GET
@people.manager_page(SEE)
def one(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Show one delivery with what is sent."""
    row = desk.delivery(delivery)
    body = delivering.body_of(row)
    values = {"line": desk.line(row), "row": row, "body": body.decode() if body is not None else ""}
    return render(request, "openapi/delivery.html", values)


@require_POST
@people.manager_page(CHANGE)
def resend(request: HttpRequest) -> HttpResponse:
    """Push the chosen deliveries again (``ids`` of uuids)."""
    asked = [found for one in request.POST.getlist("ids")[:MOST_AT_ONCE] if (found := desk.as_uuid(one))]
    at = acting(request)["at"]
    done = desk.resend(uuids=asked, at=at)
    log(request, "openapi.hooks_resent", "deliveries", count=done)
    if done:
        messages.success(request, _("已重新排入推送：%(n)d 条。") % {"n": done})
    else:
        messages.info(request, _("所选消息已送达、正在推送，或推送地址已停用，没有需要重推的。"))
    return redirect("console-interfaces-deliveries")


def _export(request: HttpRequest, rows: Any) -> HttpResponse:
    heads = [
        _("消息编号"),
        _("推送地址"),
        _("类别"),
        _("事件"),
        _("状态"),
        _("对方回应"),
        _("原因"),
        _("怎么办"),
        _("生成时间"),
        _("送达时间"),
        _("次数"),
    ]
    if rows.count() > MOST_IN_SHEET:
        words = _("超过 %(n)s 条，一次导不完。请缩短时间或增加条件，分几次导出。") % {"n": MOST_IN_SHEET}
        raise DomainError("export_too_large", words, status=422)
    lines = list(desk.exported(rows))
    log(request, "openapi.deliveries_exported", "deliveries", count=len(lines))
    return download(sheets.xlsx_file(_("推送记录"), heads, lines), _("推送记录"))
