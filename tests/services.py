"""Loaded by pytest before Django reads its settings: embedded PostgreSQL and Valkey for the tests, unless outside ones are named.

Each run begins with an empty database: append-only rows that a former run committed could not be taken away otherwise.
With `-n 2` each of pytest's workers has servers of its own; the process that hands the tests out needs none.
"""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from infra.wiring.embedded import services

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_HANDS_OUT = not _WORKER and any(word.startswith("-n") for word in sys.argv[1:])
_BASE = Path(os.environ.get("ANXUE_TEST_FOLDER") or Path(__file__).resolve().parents[1] / "build/test")
FOLDER = _BASE.with_name(f"{_BASE.name}-{_WORKER}") if _WORKER else _BASE


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
if _WORKER:
    os.environ["ANXUE_PORT_SHIFT"] = str(100 * (1 + int(_WORKER.removeprefix("gw"))))
if not _HANDS_OUT:
    _found = services.ensure_all(FOLDER, durable=False)
    if "DATABASE_OWNER_URL" in _found:
        _empty(_found["DATABASE_OWNER_URL"])
        shutil.rmtree(
            FOLDER / "storage/platform/seals", ignore_errors=True
        )  # written once: those of a former run stand in the way
    os.environ.update(_found)
