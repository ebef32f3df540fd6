"""The authority's pages: its own jurisdiction, day by day."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import signed_in, to_sign_in
from public.regulators import feed, summaries
from public.regulators.accounts import Authority, authority_of, new_api_key
from public.regulators.models import FeedRecord
from tenants import divisions
from tenants.addresses import client_ip

Params = ParamSpec("Params")


def regulator_page(
    view: Callable[Concatenate[HttpRequest, Authority, Params], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Guard a page: strangers go to sign-in, operators are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
        credential = signed_in(request)
        if credential is None:
            return to_sign_in(request)
        who = authority_of(credential_id=credential.pk)
        if who is None:
            raise DomainError("forbidden", _("此页面仅供监管部门使用。"), status=403)
        return view(request, who, *args, **kwargs)

    return guarded


_MENU = (
    ("regulator-statistics", _("辖区统计"), "chart-bar"),
    ("regulator-enterprises", _("企业"), "building-factory-2"),
    ("regulator-rectifications", _("整改通知"), "clipboard-check"),
    ("regulator", _("每日记录"), "map-2"),
    ("regulator-exchange", _("数据报送"), "transfer"),
    ("regulator-verify", _("证书查验"), "certificate"),
)


def page_frame(who: Authority, active: str) -> dict[str, Any]:
    """Return what the shell of an authority's page needs."""
    return {
        "who": who,
        "nav": [{"label": label, "icon": icon, "url": reverse(name), "active": name == active} for name, label, icon in _MENU],
        "brand_name": _("安学平台"),
        "home_url": reverse("regulator-statistics"),
        "user_name": who.name,
        "user_role": who.organisation,
        "sign_out_url": reverse("desk-sign-out"),
    }


def _day(value: str, today: date) -> date:
    try:
        return min(date.fromisoformat(value), today)
    except ValueError:
        return today


@require_GET
@regulator_page
def overview(request: HttpRequest, who: Authority) -> HttpResponse:
    """Show one day: figures, then the records."""
    return _overview(request, who)


@never_cache
@require_POST
@regulator_page
def make_key(request: HttpRequest, who: Authority) -> HttpResponse:
    """Make a new API key and show it this once."""
    key = new_api_key(regulator_id=who.id, at=clock.now(), ip=client_ip(request))
    return _overview(request, who, api_key=key)


def _overview(request: HttpRequest, who: Authority, **more: Any) -> HttpResponse:
    get, today = request.GET, clock.shanghai_date(clock.now())
    day = _day(get.get("day", ""), today)
    page, entries = feed.page(
        prefix=who.division_prefix, day=day, kind=get.get("kind", ""), search=get.get("q", ""), number=get.get("page", "1")
    )
    context = {
        "page_title": _("每日记录"),
        "area": divisions.full_name(who.division_prefix),
        "day": day,
        "today": today,
        "figures": feed.figures(prefix=who.division_prefix, day=day),
        "page": page,
        "entries": [(entry, summaries.summary(entry.record, name=entry.name)) for entry in entries],
        "kinds": FeedRecord.Kind.choices,
        "chosen": get,
        "feed_url": request.build_absolute_uri("/api/regulator/feed"),
    }
    return render(request, "regulator/overview.html", {**page_frame(who, "regulator"), **context, **more})
