"""What the pages of the portal share."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.portal import periods
from public.portal.shapes import Asker
from public.regulators.api import Authority, enterprises_in
from tenants.addresses import client_ip
from tenants.api import Enterprise


def asker_of(request: HttpRequest, who: Authority) -> Asker:
    """Return who of an authority makes a request."""
    return Asker(who, clock.now(), client_ip(request))


def today() -> date:
    """Return the day in Zhejiang."""
    return clock.shanghai_date(clock.now())


def period_of(request: HttpRequest) -> str:
    """Return the month or year that the address names, or this year."""
    return periods.read(request.GET.get("period", ""), today=today())


def period_words(period: str) -> str:
    """Return 「2026 年 11 月」 or 「2026 年」."""
    year, _dash, month = period.partition("-")
    if month:
        return str(_("%(year)s 年 %(month)s 月")) % {"year": year, "month": int(month)}
    return str(_("%(year)s 年")) % {"year": year}


def period_choices() -> list[tuple[str, str]]:
    """Return what may be chosen, with words."""
    return [(one, period_words(one)) for one in periods.choices(today())]


def enterprise_of(who: Authority, uuid: UUID) -> Enterprise:
    """Return an enterprise of the authority's division.

    :raises DomainError: 404 ``no_enterprise``, also where it lies elsewhere
    """
    found: Enterprise | None = enterprises_in(who.division_prefix).filter(uuid=uuid).first()
    if found is None:
        raise DomainError("no_enterprise", _("本辖区没有这家企业，请从企业列表选择。"), status=404)
    return found
