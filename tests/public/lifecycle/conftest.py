"""An enterprise that may go: nobody else writes into it."""

import pytest

from tenants.opening import Application
from tenants.sites import Site
from tests import houses


@pytest.fixture(scope="module")
def leaving(database: None) -> Site:
    """A committed enterprise in whose ledger only tests that end it write, each within its own transaction."""
    return houses.house(Application("杭州丙设备有限公司", "91330106MA2LEAK30N", "leaving-house", "C34", "GENERAL", "330106"))
