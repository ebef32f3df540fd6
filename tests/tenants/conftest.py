"""Twenty committed enterprises, each with one marker row, for tests that need several connections at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenants import pool
from tenants.sites import Site
from tests import base, houses, services
from tests.tenants.ground import remove_enterprises


@pytest.fixture(scope="module")
def twenty(database: None) -> list[Site]:
    """Enterprises whose only credential is named after their own schema."""
    services.stand_on(base.TWENTY)
    if not services.PREPARED:
        houses.twenty()
    return [houses.house(application) for application in houses.TWENTY]


@pytest.fixture
def passing(database: None) -> Iterator[str]:
    """A prefix for enterprises that a test opens for itself; they are gone after it."""
    remove_enterprises("pass-")
    pool.fill(4)
    yield "pass-"
    remove_enterprises("pass-")
