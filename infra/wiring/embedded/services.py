"""All embedded services together, as the settings they stand for."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from infra.adapters.kms import ring
from infra.wiring.embedded import postgres, valkey
from infra.wiring.embedded.files import exclusive, kept_secret

DATABASE = "anxue"
WEB_ROLE = "anxue_web"


def ensure_all(folder: Path, *, durable: bool = True) -> dict[str, str]:
    """Start what no outside service is named for, and return the settings still missing in `os.environ`.

    `folder` holds all data and secrets. `durable=False` trades safety against speed, for tests.
    Of `DATABASE_URL` and `DATABASE_OWNER_URL` one set in the environment is enough to keep PostgreSQL out: a half
    named database is the settings' own error. The role in `DATABASE_URL` is made by `manage.py bootstrap`.
    """
    folder = folder.resolve()
    with exclusive(folder):
        found = {"SECRET_KEY": kept_secret(folder / "secret-key", prefix="demo-"), "STORAGE_URL": _storage(folder)}
        found["KMS_URL"] = ring.ensure(folder / "key-ring.json").as_uri()
        if not named("DATABASE_URL", "DATABASE_OWNER_URL"):
            found |= _database(folder, durable=durable)
        if not named("REDIS_URL"):
            found["REDIS_URL"] = valkey.ensure(folder / "valkey")
    return {name: value for name, value in found.items() if not os.environ.get(name)}


def stop_all(folder: Path) -> None:
    """End the embedded servers of `folder` that run."""
    folder = folder.resolve()
    if (folder / "valkey").exists():
        valkey.stop(folder / "valkey")
    if (folder / "postgres").exists():
        postgres.stop(folder / "postgres")


def remove_all(folder: Path) -> None:
    """End the embedded servers of `folder` and delete what they hold: as root their data lie elsewhere, and would stay for ever."""
    folder = folder.resolve()
    stop_all(folder)
    if (folder / "postgres").exists():
        postgres.remove(folder / "postgres")
    shutil.rmtree(folder / "valkey", ignore_errors=True)
    shutil.rmtree(folder / "storage", ignore_errors=True)


def is_running(folder: Path) -> bool:
    """True when an embedded server of `folder` runs."""
    folder = folder.resolve()
    return valkey.is_running(folder / "valkey") or ((folder / "postgres").exists() and postgres.is_running(folder / "postgres"))


def named(*variables: str) -> bool:
    """True when the environment names an outside service by one of `variables`."""
    return any(os.environ.get(variable) for variable in variables)


def create_database(owner_url: str, name: str) -> str:
    """Make database `name` on the server of `owner_url` unless it exists, and return `owner_url` pointing at it."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(owner_url)._replace(path=f"/{name}"))


def _database(folder: Path, *, durable: bool) -> dict[str, str]:
    server = postgres.ensure(folder / "postgres", options=() if durable else postgres.NOT_DURABLE)
    owner = create_database(server, DATABASE)
    password = kept_secret(folder / "web-password")
    parts = urlsplit(owner)
    web = parts._replace(netloc=f"{WEB_ROLE}:{password}@{parts.hostname}:{parts.port}")
    return {"DATABASE_OWNER_URL": owner, "DATABASE_URL": urlunsplit(web)}


def _storage(folder: Path) -> str:
    storage = folder / "storage"
    storage.mkdir(parents=True, exist_ok=True)
    return storage.as_uri()
