"""`make demo`: the whole product on this machine, with demo data, until Ctrl-C.

`python -m infra.wiring.demo` runs it, `python -m infra.wiring.demo stop` ends what a killed run left behind.
Everything it keeps lies in `build/demo`. Outside services are used when the environment names them.
"""

import fcntl
import json
import multiprocessing
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from infra.wiring import supervisor
from infra.wiring.demo_accounts import OPEN_KEY, PASSWORD
from infra.wiring.embedded import services
from infra.wiring.embedded.files import EmbeddedServiceError, wait_until, write_private

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "demo"
HOST = "127.0.0.1"
console = Console()


class DemoError(Exception):
    """The demo cannot start; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run or stop the demo; the exit code is 0 when a person ended it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        return _stop() if arguments == ["stop"] else _run(_port())
    except (DemoError, EmbeddedServiceError) as problem:
        console.print(Panel(str(problem), border_style="red"))
        return 1
    except KeyboardInterrupt:
        return 0


def _run(port: int) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    with _terminal(), _only_one():
        supervisor.stop_leftovers(FOLDER)
        _check_free(port)
        try:
            environment = _environment(port)
            _manage(["devdata", "--bootstrap"], environment)
            return _serve(port, environment)
        finally:
            # A second Ctrl-C must not cut the databases short.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            services.stop_all(FOLDER)


def _stop() -> int:
    running = FOLDER / "running"
    if running.exists() and not _is_free(running):
        os.kill(int(running.read_text()), signal.SIGTERM)
        if not wait_until(lambda: _is_free(running), seconds=60, step=0.2):
            raise DemoError("演示没有在一分钟内结束；请再次运行 make stop。")
    stopped = supervisor.stop_leftovers(FOLDER)
    services.stop_all(FOLDER)
    console.print("已停止：" + "、".join([*stopped, "内置数据库与缓存"]))
    return 0


@contextmanager
def _terminal() -> Iterator[None]:
    """Let Ctrl-C reach this process and not `make` above it, which would report an interrupted recipe."""
    if not sys.stdin.isatty() or os.tcgetpgrp(0) != os.getpgrp() or os.getpid() == os.getsid(0):  # nobody above
        yield
        return
    before = os.getpgrp()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(0, before)


@contextmanager
def _unbroken() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the block is done: a server half started could not be found and stopped."""
    asked: list[int] = []
    both = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _: asked.append(number)) for number in both]
    try:
        yield
    finally:
        for number, handler in zip(both, before, strict=True):
            signal.signal(number, handler)
    if asked:
        raise KeyboardInterrupt


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _port() -> int:
    value = os.environ.get("PORT", "8000")
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise DemoError(f"PORT={value} 不是端口号；例如 PORT=8001 make demo")
    return int(value)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            other = 8001 if port == 8000 else port + 1
            raise DemoError(
                f"端口 {port} 不可用（{problem.strerror}）。换一个端口：PORT={other} make demo\n"
                f"Port {port} cannot be used. Take another one: PORT={other} make demo"
            ) from problem


@contextmanager
def _only_one() -> Iterator[None]:
    with (FOLDER / "running").open("a+") as handle:
        try:
            # Not flock: the parts' parents are forks and would hold it on after this process was killed.
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            advice = "演示已在运行；请在那个终端按 Ctrl-C，或运行 make stop。"
            raise DemoError(f"{advice}\nThe demo runs already: press Ctrl-C there or run make stop.") from problem
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _is_free(running: Path) -> bool:
    with running.open("a+") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _environment(port: int) -> dict[str, str]:
    """The parts' environment; what was found is also kept in `build/demo/env` for `manage.py` in another terminal."""
    console.print("[bold]启动数据库与缓存 …[/]")
    with _unbroken():
        found = services.ensure_all(FOLDER)
    found |= {name: value for name, value in _defaults(port).items() if not os.environ.get(name)}
    write_private(FOLDER / "env", "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(found.items())))
    return os.environ | found | {"PYTHONUNBUFFERED": "1", "ANXUE_DEMO_FOLDER": str(FOLDER)}


def _defaults(port: int) -> dict[str, str]:
    return {"ANXUE_ENV": "demo", "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PORT": str(port)}


def _manage(command: list[str], environment: Mapping[str, str]) -> None:
    started = time.monotonic()
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise DemoError(f"manage.py {' '.join(command)} 失败（退出码 {done.returncode}），原因见上方输出。")
    console.print(f"[dim]{' '.join(command)}：{time.monotonic() - started:.1f} 秒[/]")


def _serve(port: int, environment: Mapping[str, str]) -> int:
    # Forked before the parts, so that it holds none of their pipes; a daemon, so that it ends with us.
    (FOLDER / "answers").unlink(missing_ok=True)
    announcer = multiprocessing.get_context("fork").Process(target=_announce, args=(port,), daemon=True)
    announcer.start()
    return supervisor.run(_parts(port), folder=FOLDER, environment=environment, root=ROOT)


def _parts(port: int) -> list[supervisor.Part]:
    # Below the web in priority, and films last of all: a video being encoded must not make pages or imports slow.
    celery = ["nice", "-n", "5", sys.executable, "-m", "celery", "-q", "-A", "infra.wiring.celery"]
    film = ["nice", "-n", "10", *celery]
    # Not below the web: a person is waiting in front of the camera. One process holds 200 MB.
    face = celery[3:]
    # As in production the web does not know the owner of the database.
    web = [
        "env",
        "-u",
        "DATABASE_OWNER_URL",
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        HOST,
        "--port",
        str(port),
    ]
    # A SIGTERM while its workers still boot makes granian wait for ever without the time limit.
    limits = ["--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "5", "--no-access-log"]
    # There is one worker: looking for others costs a second at each start.
    alone = ["--without-mingle", "--without-gossip"]
    # Loading all parts at once on a small machine would keep whoever started it waiting twice as long for the first page.
    later = FOLDER / "answers"
    return [
        supervisor.Part("web", [*web, *limits, "infra.wiring.wsgi:application"]),
        supervisor.Part(
            "worker", [*celery, "worker", "-c", "2", "-P", "prefork", "-l", "INFO", "-n", "worker@%h", *alone], later
        ),
        supervisor.Part(
            "film", [*film, "worker", "-Q", "film", "-c", "1", "-P", "prefork", "-l", "INFO", "-n", "film@%h", *alone], later
        ),
        supervisor.Part(
            "face", [*face, "worker", "-Q", "face", "-c", "1", "-P", "prefork", "-l", "INFO", "-n", "face@%h", *alone], later
        ),
        supervisor.Part("beat", [*celery, "beat", "-l", "WARNING", "-s", str(FOLDER / "beat-schedule"), "--pidfile="], later),
    ]


def _announce(port: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while not _answers(port):
        time.sleep(0.1)
    console.print(_welcome(port))
    (FOLDER / "answers").touch()


def _answers(port: int) -> bool:
    request = urllib.request.Request(f"http://{HOST}:{port}/healthz", headers={"Host": f"anxue.localhost:{port}"})
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - http, to ourselves
            return bool(answer.status == 200)
    except OSError:
        return False


def _welcome(port: int) -> Panel:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("身份", "账号", "网址"):
        table.add_column(title, overflow="fold")
    for account in _accounts():
        table.add_row(account["role"], account["login"], f"http://{account['host']}:{port}{account['path']}")
    places = f"平台  http://anxue.localhost:{port}\n企业  http://demo.localhost:{port}\n"
    codes = f"\n密码都是 {PASSWORD}；短信验证码和平台人员的动态口令见 http://anxue.localhost:{port}/dev/outbox"
    asked = f"http://demo.localhost:{port}/api/v1/key"
    codes += f'\n开放接口  curl -H "Authorization: Bearer {OPEN_KEY}" {asked}'
    return Panel(Group(places, table, codes), title="安学已启动，按 Ctrl-C 结束", border_style="green", expand=False)


def _accounts() -> list[dict[str, Any]]:
    kept = FOLDER / "accounts.json"
    accounts: list[dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else []
    return accounts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
