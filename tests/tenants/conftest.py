"""Twenty committed enterprises, each with one marker row, for tests that need several connections at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.kit import clock
from tenants import pool, sites
from tenants.database.provision import owner_connection
from tenants.opening import Application, open_enterprise
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site

PREFIX = "erq-"
COUNT = 20


@pytest.fixture(scope="session")
def twenty(database: None) -> Iterator[list[Site]]:
    """Enterprises whose only credential is named after their own schema; removed at the end."""
    remove_enterprises(PREFIX)
    pool.fill(COUNT + 4)
    opened = [open_for_test(f"{PREFIX}{n:02d}{'abcdefghjk'[n % 10]}x") for n in range(COUNT)]
    for site in opened:
        mark(site)
    yield opened
    remove_enterprises(PREFIX)


def open_for_test(subdomain: str) -> Site:
    """Open one committed enterprise; its credit code is made of the subdomain."""
    application = Application(f"试验企业 {subdomain}", f"T{subdomain:.17}", subdomain, "C34", "GENERAL", "330106")
    return open_enterprise(application, at=clock.now())


def mark(site: Site) -> None:
    """Write the row by which an enterprise is recognised."""
    from tenants.accounts.models import Credential

    with enterprise_scope(site):
        Credential.objects.create(login_key=site.schema_name, name=site.schema_name, password="!")


def remove_enterprises(prefix: str) -> None:
    """Drop what earlier runs left behind: rows, schemas and roles."""
    from tenants.models import Domain, Enterprise

    with platform_scope():
        rows = Enterprise.objects.using("owner").filter(subdomain__startswith=prefix)
        names = list(rows.values_list("schema_name", flat=True))
        Domain.objects.using("owner").filter(tenant__in=rows).delete()
        with owner_connection() as db:
            db.execute("DELETE FROM public.tenants_enterprise WHERE schema_name = ANY(%s)", [names])
    for name in names:
        pool.drop(name)
    sites.announce_change()
