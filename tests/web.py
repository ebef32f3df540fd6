"""A real web server beside a test or a bench: granian on a free port, stopped at the end of the block."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Web:
    """A running server."""

    port: int
    pid: int

    def ask(self, host: str, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """Send one request on a fresh connection.

        :raises OSError: the server does not answer
        """
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body=body, headers={"Host": f"{host}:{self.port}", **headers})
        reply = link.getresponse()
        text = reply.read().decode()
        link.close()
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, text)


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    environment: Mapping[str, str],
    *,
    log: Path,
    target: str = "infra.wiring.wsgi:application",
    workers: int = 2,
    threads: int = 4,
    port: int = 0,
) -> Iterator[Web]:
    """Run the WSGI application ``target`` with ``environment`` until the block ends, on ``port`` or any free one; its output goes to ``log``.

    :raises RuntimeError: it did not come up within three minutes
    """
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-access-log",
    ]
    limits = ["--workers", str(workers), "--blocking-threads", str(threads), "--workers-kill-timeout", "1"]
    with log.open("w") as out:
        process = subprocess.Popen([*command, *limits, target], cwd=ROOT, env=environment, stdout=out, stderr=out)
    web = Web(port, process.pid)
    try:
        _wait(web, process, environment.get("PLATFORM_HOST", "anxue.localhost"), log)
        yield web
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(web: Web, process: subprocess.Popen[bytes], host: str, log: Path) -> None:
    for _ in range(1800):
        if process.poll() is not None:
            break
        try:
            if web.ask(host, "/healthz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the web server did not come up: {log.read_text()[-2000:]}")
