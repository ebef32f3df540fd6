"""Loaded by pytest before Django reads its settings: embedded PostgreSQL and Valkey for the tests, unless outside ones are named.

Each run begins with an empty database: append-only rows that a former run committed could not be taken away otherwise.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from infra.wiring.embedded import services

FOLDER = Path(os.environ.get("ANXUE_TEST_FOLDER") or Path(__file__).resolve().parents[1] / "build/test")


def _empty(owner_url: str) -> None:
    parts = urlsplit(owner_url)
    name = parts.path.strip("/")
    server_url = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        for (role,) in server.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{name}."]).fetchall():
            server.execute(SQL("DROP ROLE {}").format(Identifier(role)))
    services.create_database(server_url, name)


os.environ["ANXUE_ENV"] = "test"
_found = services.ensure_all(FOLDER, durable=False)
if "DATABASE_OWNER_URL" in _found:
    _empty(_found["DATABASE_OWNER_URL"])
os.environ.update(_found)
