"""Front door of the enterprises' floor."""

import logging
from collections.abc import Callable, Collection, Iterator

from tenants.accounts.models import Credential, login_key
from tenants.models import Enterprise
from tenants.scope import Scope, current, enterprise_scope, platform_scope, require
from tenants.sites import Site, announce_change, resolve, site_of

__all__ = [
    "Credential",
    "Enterprise",
    "Scope",
    "Site",
    "announce_change",
    "current",
    "current_site",
    "each_enterprise",
    "enterprise_scope",
    "everywhere",
    "login_key",
    "platform_scope",
    "require",
    "resolve",
    "site_by_schema",
    "site_of",
]


log = logging.getLogger("anxue.tenants")


def current_site() -> Site:
    """Return the enterprise one stands in.

    :raises NoScope: nowhere
    :raises TypeError: on the platform
    """
    tenant = require().tenant
    if not isinstance(tenant, Site):
        raise TypeError("this code runs only within an enterprise")
    return tenant


def site_by_schema(schema: str) -> Site | None:
    """Return the enterprise that owns a schema, or None; one whose data were destroyed has none."""
    with platform_scope():
        row = Enterprise.objects.filter(schema_name=schema, destroyed_at=None).first()
    return site_of(row) if row else None


def each_enterprise(
    *, division_prefix: str = "", include_suspended: bool = False, among: Collection[str] | None = None
) -> Iterator[Site]:
    """Visit every enterprise in turn, standing in it for each step of the loop.

    :param division_prefix: only those whose administrative division begins with it, e.g. ``3301``
    :param among: only those with these schemas; None: all
    """
    with platform_scope():
        rows = Enterprise.objects.filter(division_code__startswith=division_prefix, destroyed_at=None).order_by("id")
        if among is not None:
            rows = rows.filter(schema_name__in=among)
        if not include_suspended:
            rows = rows.filter(status=Enterprise.Status.ACTIVE)
        found = [site_of(row) for row in rows]
    for site in found:
        with enterprise_scope(site):
            yield site


def everywhere(do: Callable[[], int], *, include_suspended: bool = False, among: Collection[str] | None = None) -> int:
    """Do one thing in every enterprise and return the sum of what it returned. One where it fails is logged and stops no other.

    :param among: only those with these schemas; None: all
    """
    done = 0
    for site in each_enterprise(include_suspended=include_suspended, among=among):
        try:
            done += do()
        except Exception:
            log.exception("%s failed in %s", getattr(do, "__qualname__", do), site.schema_name)
    return done
