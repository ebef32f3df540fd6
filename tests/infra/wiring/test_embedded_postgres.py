"""The embedded PostgreSQL's life: first start, restart, a crash, several callers at once."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.wiring.embedded import postgres
from infra.wiring.embedded.account import Account
from infra.wiring.embedded.services import create_database


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("embedded") / "内置 数据库"
    yield home
    postgres.remove(home)


def one(dsn: str, query: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def keep_a_row(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS n")


def test_keeps_data_and_address_over_a_restart(folder: Path) -> None:
    dsn = postgres.ensure(folder)
    keep_a_row(dsn)
    postgres.stop(folder)
    assert not postgres.is_running(folder)
    assert postgres.ensure(folder) == dsn
    assert one(dsn, "SELECT n FROM kept") == 42


def test_recovers_after_being_killed(folder: Path) -> None:
    dsn = postgres.ensure(folder)
    keep_a_row(dsn)
    data = Account.for_server().home(folder) / "data"
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert one(postgres.ensure(folder), "SELECT n FROM kept") == 42


def test_starts_although_the_pid_of_a_dead_server_belongs_to_someone_else_now(folder: Path) -> None:
    postgres.ensure(folder)
    postgres.stop(folder)
    mark = Account.for_server().home(folder) / "data" / "postmaster.pid"
    mark.write_text(f"{os.getppid()}\n{mark.parent}\n0\n1\n\n127.0.0.1\n")
    Account.for_server().own(mark)
    assert one(postgres.ensure(folder), "SELECT 1") == 1


def test_goes_on_to_the_next_port_when_another_server_took_the_free_one_in_the_same_moment(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = urlsplit(postgres.ensure(folder)).port
    monkeypatch.setattr(postgres, "free_ports", lambda kept, ports: iter([taken, *(port for port in ports if port != taken)]))
    other = tmp_path / "other"
    try:
        dsn = postgres.ensure(other)
        assert urlsplit(dsn).port != taken
        assert one(dsn, "SELECT 1") == 1
    finally:
        postgres.remove(other)


def test_gives_parallel_callers_one_server(folder: Path) -> None:
    postgres.stop(folder)
    with ThreadPoolExecutor(4) as pool:
        dsns = set(pool.map(lambda _: postgres.ensure(folder, options=postgres.NOT_DURABLE), range(4)))
    assert len(dsns) == 1
    assert one(dsns.pop(), "SHOW fsync") == "off"


def test_refuses_a_wrong_password_and_listens_on_loopback_only(folder: Path) -> None:
    dsn = postgres.ensure(folder)
    parts = urlsplit(dsn)
    stranger = parts._replace(netloc=f"app:guess@127.0.0.1:{parts.port}").geturl()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(stranger)
    assert one(dsn, "SHOW listen_addresses") == "127.0.0.1"
    assert one(dsn, "SHOW timezone") == "UTC"


def test_makes_a_database_once(folder: Path) -> None:
    owner = postgres.ensure(folder)
    first = create_database(owner, "anxue")
    assert create_database(owner, "anxue") == first
    assert one(first, "SELECT current_database()") == "anxue"


def test_a_copy_is_made_equal_to_its_base_again_whatever_its_server_did(folder: Path, tmp_path: Path) -> None:
    keep_a_row(postgres.ensure(folder))
    postgres.copy(folder, tmp_path)
    unchanged = Account.for_server().home(tmp_path) / "data/PG_VERSION"
    try:
        dsn = postgres.ensure(tmp_path)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("UPDATE kept SET n = 43")
            connection.execute("CREATE TABLE new AS SELECT 1")
            connection.execute("CREATE DATABASE another")
        written = unchanged.stat().st_ctime_ns
        postgres.copy(folder, tmp_path)
        assert unchanged.stat().st_ctime_ns == written, "what nobody changed was copied again"
        dsn = postgres.ensure(tmp_path)
        assert one(dsn, "SELECT n FROM kept") == 42
        assert one(dsn, "SELECT count(*) FROM pg_class WHERE relname = 'new'") == 0
        assert one(dsn, "SELECT count(*) FROM pg_database WHERE datname = 'another'") == 0
    finally:
        postgres.remove(tmp_path)
