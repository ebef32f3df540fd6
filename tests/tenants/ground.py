"""Committed enterprises for tests and benches that need several connections or processes, and their removal."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from tenants import pool, sites
from tenants.database.provision import owner_connection
from tenants.opening import Application, open_enterprise
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site


def open_for_test(subdomain: str) -> Site:
    """Open one committed enterprise; its credit code is made of the subdomain."""
    from infra.kit import clock

    return opened(application_of(subdomain), at=clock.now())


def application_of(subdomain: str) -> Application:
    """Return what somebody would fill in; the credit code is made of the subdomain."""
    return Application(f"试验企业 {subdomain}", f"T{subdomain:.17}", subdomain, "C34", "GENERAL", "330106")


def opened(application: Application, *, at: datetime) -> Site:
    """Open one committed enterprise, whatever is left in the pool: many tests before this one opened theirs."""
    try:
        return open_enterprise(application, at=at)
    except pool.PoolEmpty:
        pool.fill(6)
        return open_enterprise(application, at=at)


def mark(site: Site) -> None:
    """Write the row by which an enterprise is recognised: a credential named after the schema."""
    from tenants.accounts.models import Credential

    with enterprise_scope(site):
        Credential.objects.create(login_key=site.schema_name, name=site.schema_name, password="!")


def run(statement: str) -> None:
    """Run one statement in the current place, in a block of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def remove_enterprises(prefix: str) -> None:
    """Drop the enterprises whose subdomain begins with ``prefix``: every row that names them, schema and role."""
    with owner_connection() as db:
        rows = db.execute(
            "SELECT id, schema_name FROM public.tenants_enterprise WHERE subdomain LIKE %s", [f"{prefix}%"]
        ).fetchall()
        with db.transaction():
            db.execute("SET LOCAL session_replication_role = replica")  # rows that hang on them go by hand below
            for table, column in db.execute(_POINTING).fetchall():
                db.execute(f'DELETE FROM public."{table}" WHERE "{column}" = ANY(%s)', [[row[0] for row in rows]])
            db.execute("DELETE FROM public.tenants_enterprise WHERE id = ANY(%s)", [[row[0] for row in rows]])
    for _, schema in rows:
        pool.drop(str(schema))
    with platform_scope():
        sites.announce_change()


_POINTING = """
SELECT c.relname, a.attname FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.conkey[1]
WHERE f.contype = 'f' AND f.confrelid = 'public.tenants_enterprise'::regclass
"""
