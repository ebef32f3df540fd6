"""An enterprise that may go: nobody else writes into it."""

import pytest

from tenants.models import Enterprise
from tenants.opening import Application
from tenants.scope import platform_scope
from tenants.sites import Site, site_of
from tests.conftest import NOON
from tests.tenants.ground import opened


@pytest.fixture(scope="session")
def leaving(database: None) -> Site:
    """A committed enterprise in whose ledger only tests that end it write, each within its own transaction."""
    with platform_scope():
        row = Enterprise.objects.filter(subdomain="leaving-house").first()
    return (
        site_of(row)
        if row
        else opened(Application("杭州丙设备有限公司", "91330106MA2LEAK30N", "leaving-house", "C34", "GENERAL", "330106"), at=NOON)
    )
