"""The sealed ledger that the tests of this folder look at and alter."""

from __future__ import annotations

import pytest

from tests.apps.records.sealing import ground
from tests.tenants.ground import open_for_test, remove_enterprises


@pytest.fixture(scope="module")
def vault(database, django_db_blocker, tmp_path_factory):
    site = open_for_test("sealed-vault")
    yield ground.sealed_vault(site, tmp_path_factory.mktemp("vault") / "kept")
    remove_enterprises("sealed-vault")


@pytest.fixture
def altered(vault):
    """The vault, put back after the test."""
    yield vault
    vault.put_back()
    assert vault.verify().is_clean
