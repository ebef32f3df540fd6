"""The key itself, and numbers of the enterprise."""

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from apps.openapi.guards import asking
from apps.openapi.operations import operation
from apps.openapi.scopes import Scope
from apps.openapi.shapes import KeyOut, StatisticsOut, UnitStatistics, UnitSumsOut
from apps.people import api as people
from apps.plans import api as plans
from apps.records import api as records
from infra.kit import clock
from tenants.api import current_site

router = Router(tags=["about"])


@operation(router, "GET", "/key", scope=None, answers=KeyOut, summary=gettext_noop("当前密钥"), name="getKey")
def key(request: HttpRequest) -> KeyOut:
    """Return what the key of this request may do and when it ends: a way to try a connection."""
    who, site = asking(request), current_site()
    return KeyOut(
        name=who.name,
        prefix=who.prefix,
        scopes=sorted(who.scopes),
        per_minute=who.per_minute,
        expires_at=who.expires_at,
        enterprise=site.name,
        uscc=site.uscc,
    )


@operation(
    router,
    "GET",
    "/statistics",
    scope=Scope.STATISTICS_READ,
    answers=StatisticsOut,
    summary=gettext_noop("企业统计"),
    name="getStatistics",
)
def statistics(request: HttpRequest) -> StatisticsOut:
    """Return today's numbers; nothing about a person is in them."""
    return StatisticsOut(
        learners=people.count_learners(),
        signed_in=people.count_signed_in(),
        running_plans=plans.count_running(),
        certificates=records.certificate_sums(on=clock.shanghai_date(clock.now())),
    )


@operation(
    router,
    "GET",
    "/statistics/units",
    scope=Scope.STATISTICS_READ,
    answers=UnitStatistics,
    summary=gettext_noop("部门统计"),
    name="getStatisticsByUnit",
)
def statistics_by_unit(request: HttpRequest) -> UnitStatistics:
    """Return today's numbers by unit; nothing about a person is in them."""
    paths = dict(people.units())
    sums = plans.sums_by_unit(on=clock.shanghai_date(clock.now()))
    return UnitStatistics(
        items=[
            UnitSumsOut(
                unit_id=one.unit_id,
                unit=paths.get(one.unit_id, "") if one.unit_id is not None else "",
                people=one.people,
                duties=one.duties,
                done=one.done,
                overdue=one.overdue,
            )
            for one in sums
        ]
    )
