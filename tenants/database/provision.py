"""What the owner prepares: logins, roles and rights (decision 4). Plain psycopg, idempotent, safe to run at each start.

Rights follow the models: every model may say

- ``append_only = True``: nobody but the owner may UPDATE, DELETE or TRUNCATE it;
- ``erased_when_packed = True`` (tenant tables): nobody but the owner may DELETE; rows leave by ``public.retention_erase`` only (decision 64);
- ``enterprise_may = ("SELECT", …)``: what enterprise roles may do with this table of `public` (default: nothing).
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import models
from psycopg.sql import SQL, Composed, Identifier, Literal

from tenants.database.roles import ENTERPRISE_GROUP, PLATFORM_ROLE

_LOCK = 7_203_001


def database_name() -> str:
    """Return the name of the database that this process serves."""
    return str(settings.DATABASES["default"]["NAME"])


def _role(suffix: str) -> Identifier:
    return Identifier(f"{database_name()}.{suffix}")


def owner_connection() -> psycopg.Connection[tuple[object, ...]]:
    """Open a plain connection as the owner, in autocommit.

    :raises RuntimeError: this process was not given DATABASE_OWNER_URL
    """
    owner = settings.DATABASES.get("owner")
    if owner is None:
        raise RuntimeError("DATABASE_OWNER_URL is not set: this process may not change the database's structure")
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or 5432,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=owner["NAME"],
        autocommit=True,
        application_name="anxue-owner",
    )


def ensure_roles(url: str) -> None:
    """Create the web login named in ``url`` (DATABASE_URL), the platform role and the group of enterprises."""
    parts = urlsplit(url)
    login, password = parts.username or "anxue_web", unquote(parts.password or "")
    with owner_connection() as db, db.transaction():
        db.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _ensure_login(db, login, password)
        for suffix in (PLATFORM_ROLE, ENTERPRISE_GROUP):
            _create_role(db, f"{database_name()}.{suffix}")
        db.execute(SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(_role(PLATFORM_ROLE), Identifier(login)))
        db.execute(SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        db.execute(SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(_role(PLATFORM_ROLE), _role(ENTERPRISE_GROUP)))
        db.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(Identifier(database_name()), Identifier(login)))


def _exists(db: psycopg.Connection[tuple[object, ...]], role: str) -> bool:
    return db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _ensure_login(db: psycopg.Connection[tuple[object, ...]], login: str, password: str) -> None:
    verb = "ALTER" if _exists(db, login) else "CREATE"
    options = SQL("LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(Literal(password or None))
    db.execute(SQL("{} ROLE {} {}").format(SQL(verb), Identifier(login), options))


def _create_role(db: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    if not _exists(db, name):
        db.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(name)))


def _models(app_names: Iterable[str]) -> list[type[models.Model]]:
    wanted = set(app_names)
    return [m for c in apps.get_app_configs() if c.name in wanted for m in c.get_models(include_auto_created=True)]


def _tables(app_names: Iterable[str], flag: str) -> dict[str, Any]:
    """Return table -> value of a flag of its model; a column of that name is no flag."""
    models = [m for m in _models(app_names) if all(field.name != flag for field in m._meta.concrete_fields)]
    return {m._meta.db_table: value for m in models if (value := getattr(m, flag, None))}


def grant_platform() -> None:
    """Give the platform role and the enterprise group their rights in `public`, from the models' flags."""
    append_only = _tables(settings.SHARED_APPS, "append_only")
    with owner_connection() as db, db.transaction():
        platform, group = _role(PLATFORM_ROLE), _role(ENTERPRISE_GROUP)
        db.execute(SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(platform))
        db.execute(SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(platform))
        db.execute(SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(group))
        for table in append_only:
            db.execute(SQL("REVOKE UPDATE, DELETE, TRUNCATE ON public.{} FROM {}").format(Identifier(table), platform))
        for table, rights in _tables(settings.SHARED_APPS, "enterprise_may").items():
            allowed = SQL(", ").join(SQL(right) for right in rights)
            db.execute(SQL("GRANT {} ON public.{} TO {}").format(allowed, Identifier(table), group))
        db.execute(SQL("GRANT EXECUTE ON FUNCTION public.claim_schema(text, text) TO {}").format(platform))


def guard_against_drops() -> bool:
    """Make the event trigger that refuses to drop what only grows, and say whether it is there.

    False where the owner is no superuser: only such a one may make it.
    """
    with owner_connection() as db:
        row = db.execute("SELECT public.guard_against_drops()").fetchone()
    return bool(row and row[0])


def enterprise_role_sql(schema: str, login: str) -> Composed:
    """Return the SQL that makes the role of a new schema: no login, no DDL, set only by the web login."""
    role = _role(schema)
    return SQL(
        "CREATE ROLE {role} NOLOGIN; GRANT {role} TO {login} WITH INHERIT FALSE, SET TRUE; GRANT {group} TO {role};"
        "GRANT USAGE ON SCHEMA {schema} TO {role};"
    ).format(role=role, login=Identifier(login), group=_role(ENTERPRISE_GROUP), schema=Identifier(schema))


# By the index of pg_depend. GRANT … ON ALL TABLES IN SCHEMA reads all of pg_class and writes each row again: 75 ms at 1,000.
_RIGHTS = """
SELECT c.relname, c.relkind::text, ARRAY(
    SELECT a.privilege_type FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = %s)
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
WHERE d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass
  AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s) AND c.relkind IN ('f', 'm', 'p', 'r', 'v', 'S')
"""


def grant_enterprise(db: psycopg.Connection[Any], schema: str) -> None:
    """Give a schema's role exactly its rights on everything in it; run again after each migration, it writes only changes."""
    append_only, kept = _tables(settings.TENANT_APPS, "append_only"), _tables(settings.TENANT_APPS, "erased_when_packed")
    role = _role(schema)
    for name, kind, rights in db.execute(_RIGHTS, [f"{database_name()}.{schema}", schema]).fetchall():
        wanted = _wanted_rights(name, kind, is_append_only=name in append_only, is_kept=name in kept)
        if set(rights) == wanted:
            continue
        kind_sql, place = SQL("SEQUENCE" if kind == "S" else "TABLE"), Identifier(schema, name)
        db.execute(SQL("REVOKE ALL ON {} {} FROM {}").format(kind_sql, place, role))
        if wanted:
            allowed = SQL(", ").join([SQL(right) for right in sorted(wanted)])
            db.execute(SQL("GRANT {} ON {} {} TO {}").format(allowed, kind_sql, place, role))


def _wanted_rights(name: str, kind: str, *, is_append_only: bool, is_kept: bool) -> set[str]:
    if name == "django_migrations":
        return set()
    if kind == "S":
        return {"USAGE"} if not name.startswith("django_migrations") else set()
    if is_append_only:
        return {"SELECT", "INSERT"}
    return {"SELECT", "INSERT", "UPDATE"} if is_kept else {"SELECT", "INSERT", "UPDATE", "DELETE"}


def web_login() -> str:
    """Return the login role of the web, as named in DATABASE_URL."""
    return str(settings.DATABASES["default"]["USER"])
