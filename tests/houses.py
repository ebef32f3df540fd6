"""The enterprises that stand in prepared databases (`base`): 甲 and 乙, and twenty with one marker row each."""

from __future__ import annotations

from tenants import pool
from tenants.keys import opened as keys
from tenants.keys import owners
from tenants.models import Enterprise
from tenants.opening import Application
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site, site_of
from tests.conftest import NOON
from tests.tenants.ground import application_of, mark, opened

JIA = Application("杭州甲机械有限公司", "91330106MA2BKXT393", "jia", "C34", "GENERAL", "330106")
YI = Application("宁波乙化工有限公司", "91330200MA28DEM23Y", "yi-neighbour", "C34", "GENERAL", "330203")
TWENTY = [application_of(f"erq-{n:02d}{'acdefghjkt'[n % 10]}x") for n in range(20)]


def house(application: Application) -> Site:
    """Return the enterprise that stands, or open it."""
    with platform_scope():
        row = Enterprise.objects.filter(uscc=application.uscc).first()
    return site_of(row) if row else opened(application, at=NOON)


def two() -> None:
    """Open 甲 and 乙, make the keys that their first secrets would bring, and leave as many warm schemas as there were."""
    for application in (JIA, YI):
        with enterprise_scope(house(application)):
            keys.current(owners.here())
    with platform_scope():
        keys.current(owners.here())
    pool.fill(24)


def twenty() -> None:
    """Open twenty whose only credential is named after their own schema."""
    pool.fill(len(TWENTY) + 4)
    for application in TWENTY:
        mark(house(application))
