"""What is there before anything goes: every table with its rows, every file, every key, each with a digest. Names nobody."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from public.lifecycle.destruction import belongings, files
from public.regulators import api as regulators
from public.retention.api import Package
from public.seals.api import Head
from public.uploads import api as uploads
from tenants import keys
from tenants.models import Enterprise
from tenants.scope import enterprise_scope
from tenants.sites import site_of

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND c.relname <> 'django_migrations' ORDER BY c.relname
"""
_ROWS = "SELECT encode(sha256(convert_to(t::text, 'UTF8')), 'hex') FROM {} t ORDER BY 1"
_AT_ONCE = 10_000


def taken(row: Enterprise) -> dict[str, Any]:
    """Return the list as the certificate gives it, standing on the platform; the same again until something has gone.

    ``tables``: ``{"name", "rows", "sha256"}`` each, the digest over the sorted digests of its rows; ``files`` and ``uploads``:
    ``{"count", "bytes", "sha256"}``; ``packages`` the same, with ``locked`` how many the store itself keeps for a while, unreadable; ``keys``:
    `tenants.keys.listed`; what other rooms list (`belongings`), such as ``courses``; ``copies``: how long
    backups and old versions of files are kept here, ``{"backup_days", "version_days"}``; ``kept``: what stays outside, ``{"ledger": {"entries", "root", "at"}, "certificates": count}``.
    """
    with enterprise_scope(site_of(row)):
        tables = list(_tables(row.schema_name))
        stored = files.listed(row.schema_name)
    return {
        "tables": tables,
        "files": stored,
        "uploads": uploads.listed_of(row.schema_name, keep=files.kept(row)),
        "packages": _packages(row.schema_name),
        "keys": keys.listed(str(row.uuid)),
        **belongings.listed(row),
        "copies": {"backup_days": settings.BACKUP_DAYS, "version_days": settings.STORE_VERSION_DAYS},
        "kept": {"ledger": _ledger(row.schema_name), "certificates": regulators.listed_count(row.schema_name)},
    }


def _tables(schema: str) -> Iterator[dict[str, Any]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLES, [schema])
        names = [str(name) for (name,) in cursor.fetchall()]
        for name in names:
            rows, digest = _digest(schema, name)
            yield {"name": name, "rows": rows, "sha256": digest}


def _digest(schema: str, table: str) -> tuple[int, str]:
    """Return how many rows a table has, and the SHA-256 over their sorted digests; memory stays flat."""
    rows, whole = 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(SQL(_ROWS).format(Identifier(schema, table)).as_string(None))
        while lines := cursor.fetchmany(_AT_ONCE):
            rows += len(lines)
            whole.update("".join(line[0] for line in lines).encode())
    return rows, whole.hexdigest()


def _packages(schema: str) -> dict[str, Any]:
    count = size = locked = 0
    whole = hashlib.sha256()
    for row in Package.objects.filter(schema_name=schema).order_by("pk").only("size", "sha256", "is_locked").iterator():
        count, size, locked = count + 1, size + row.size, locked + row.is_locked
        whole.update(row.sha256.encode())
    return {"count": count, "bytes": size, "sha256": whole.hexdigest(), "locked": locked}


def _ledger(schema: str) -> dict[str, Any]:
    head = Head.objects.filter(schema_name=schema).defer("leaves").order_by("-size").first()
    if head is None:
        return {"entries": 0, "root": "", "at": ""}
    return {"entries": head.size, "root": bytes(head.root).hex(), "at": head.at.isoformat()}
