"""The embedded Valkey's life: restart, a crash, several callers at once, a stranger on its port."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.wiring.embedded import valkey
from infra.wiring.embedded.files import wait_until


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "内置 缓存"
    yield home
    valkey.stop(home)


def process_of(client: redis.Redis) -> int:
    facts: dict[str, int] = client.info("server")  # type: ignore[assignment]
    return facts["process_id"]


def test_keeps_data_and_address_over_a_restart(folder: Path) -> None:
    url = valkey.ensure(folder)
    redis.Redis.from_url(url).set("kept", "42")
    valkey.stop(folder)
    assert not valkey.is_running(folder)
    assert valkey.ensure(folder) == url
    assert redis.Redis.from_url(url).get("kept") == b"42"


def test_recovers_after_being_killed(folder: Path) -> None:
    client = redis.Redis.from_url(valkey.ensure(folder))
    client.set("kept", "42")
    client.waitaof(1, 0, 2000)
    os.kill(process_of(client), signal.SIGKILL)
    assert wait_until(lambda: not valkey.is_running(folder), seconds=5)
    assert redis.Redis.from_url(valkey.ensure(folder)).get("kept") == b"42"


def test_gives_parallel_callers_one_server(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: valkey.ensure(folder), range(4)))) == 1


def test_moves_to_another_port_when_a_stranger_holds_its_own(folder: Path) -> None:
    url = valkey.ensure(folder)
    valkey.stop(folder)
    with socket.create_server(("127.0.0.1", int((folder / "port").read_text()))):
        moved = valkey.ensure(folder)
        assert moved != url
        assert redis.Redis.from_url(moved).ping()


def test_refuses_callers_without_its_password_and_never_evicts(folder: Path) -> None:
    url = valkey.ensure(folder)
    port = int((folder / "port").read_text())
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port, retry=Retry(NoBackoff(), 0)).ping()
    assert redis.Redis.from_url(url).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
