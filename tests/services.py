"""Loaded by pytest before Django reads its settings: embedded PostgreSQL and Valkey for the tests, unless outside ones are named.

Each run begins with a fresh copy of the prepared database (`base`), and so does each file after one that left something committed:
what a file finds never hangs on which files ran before it. Append-only rows could not be taken away otherwise.
With `-n 3` each of pytest's workers has servers of its own; the process that hands the tests out needs none.
"""

import os
import shutil
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.wiring.embedded import postgres, services
from tests import base

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_HANDS_OUT = not _WORKER and any(word.startswith("-n") for word in sys.argv[1:])
_BASE = Path(os.environ.get("ANXUE_TEST_FOLDER") or Path(__file__).resolve().parents[1] / "build/test")
FOLDER = _BASE.with_name(f"{_BASE.name}-{_WORKER}") if _WORKER else _BASE
PREPARED = not _HANDS_OUT and not services.named("DATABASE_URL", "DATABASE_OWNER_URL")
"""Whether the database is a copy of a prepared one, which this process may put away."""
# The youngest transaction tells whether anything was committed; nobody but the tests may commit.
_OPTIONS = (*postgres.NOT_DURABLE, "track_commit_timestamp=on", "autovacuum=off")


@dataclass(slots=True)
class _Copy:
    """The database that stands, and its youngest transaction when nobody had used it."""

    of: base.Base
    youngest: str
    number: int = 0

    def is_used(self) -> bool:
        """Whether somebody committed something."""
        return self.youngest != _youngest()


def _begin(of: base.Base) -> int:
    """Start a fresh copy and return its port."""
    base.fresh(FOLDER, of)
    shutil.rmtree(FOLDER / "storage", ignore_errors=True)
    return urlsplit(postgres.ensure(FOLDER / "postgres", options=_OPTIONS)).port or 0


_FURTHER = """
DO $$ DECLARE one regclass; BEGIN
  FOR one IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
    PERFORM setval(one, nextval(one) + {});
  END LOOP;
END $$
"""


def _count_on() -> None:
    """No row bears a number that an earlier copy's bore: what a process remembers of rows that never change stays true."""
    _copy.number += 1
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(_FURTHER.format(10_000 * _copy.number))


def _youngest() -> str:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        row = owner.execute("SELECT xid::text FROM pg_last_committed_xact()").fetchone()
    return str(row and row[0])


def stand_on(of: base.Base) -> None:
    """Go on with a copy that nobody used: the one that stands, where nothing was committed in it, or a new one.

    No transaction may be open in this thread.
    """
    if not PREPARED or (_copy.of == of and not _copy.is_used()):
        return
    from django.db import connections

    from tenants import sites
    from tenants.keys import opened

    connections.close_all()
    port = _begin(of)
    assert port == urlsplit(os.environ["DATABASE_URL"]).port, "the database came back on another port"
    services.ensure_all(FOLDER, durable=False)
    _count_on()
    _copy.of, _copy.youngest = of, _youngest()
    opened.forget()
    sites.announce_change()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last test of a file put away what it committed."""
    yield
    if nextitem is not None and nextitem.path != item.path:
        stand_on(base.TWO)


os.environ["ANXUE_ENV"] = "test"
# A server must find its port free again after each copy: every worker of every checkout keeps to a hundred ports of its own.
_PLACE = 4 * (zlib.crc32(str(base.ROOT).encode()) % 14) + (1 + int(_WORKER.removeprefix("gw")) if _WORKER else 0)
os.environ["ANXUE_PORT_SHIFT"] = str(100 * _PLACE)
if PREPARED:
    _begin(base.TWO)
if not _HANDS_OUT:
    os.environ.update(services.ensure_all(FOLDER, durable=False))
if PREPARED:
    _copy = _Copy(base.TWO, _youngest())
