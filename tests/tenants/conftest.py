"""Twenty committed enterprises, each with one marker row, for tests that need several connections at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenants import pool
from tenants.sites import Site
from tests.tenants.ground import mark, open_for_test, remove_enterprises

PREFIX = "erq-"
COUNT = 20


@pytest.fixture(scope="session")
def twenty(database: None) -> Iterator[list[Site]]:
    """Enterprises whose only credential is named after their own schema; removed at the end."""
    remove_enterprises(PREFIX)
    pool.fill(COUNT + 4)
    opened = [open_for_test(f"{PREFIX}{n:02d}{'acdefghjkt'[n % 10]}x") for n in range(COUNT)]
    for site in opened:
        mark(site)
    yield opened
    remove_enterprises(PREFIX)


@pytest.fixture
def passing(database: None) -> Iterator[str]:
    """A prefix for enterprises that a test opens for itself; they are gone after it."""
    remove_enterprises("pass-")
    pool.fill(4)
    yield "pass-"
    remove_enterprises("pass-")
