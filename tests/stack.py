"""The product as processes: web (granian) and worker (celery) on a free port, for journeys, smoke and outage tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Stack:
    """Starts and stops the parts with the given environment; logs go to ``folder``."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self.environment = {**environment, "ANXUE_ENV": "demo", "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PORT": str(self.port)}
        self._parts: list[subprocess.Popen[bytes]] = []

    def url(self, host: str, path: str = "/") -> str:
        """Return the address of a page: ``host`` is ``anxue`` for the platform or an enterprise's subdomain."""
        return f"http://{host}.localhost:{self.port}{path}"

    def manage(self, *command: str) -> None:
        """Run a management command and wait for it.

        :raises CalledProcessError: it failed
        """
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True)

    def start(self, *, worker: bool = True) -> None:
        """Start the web (without the owner's URL, as in production) and, if asked, one worker; wait until the web answers."""
        granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        web = [*granian, "--blocking-threads", "4", "--no-access-log", "infra.wiring.wsgi:application"]
        self._spawn("web", web, without=("DATABASE_OWNER_URL",))
        if worker:
            self._spawn("worker", ["celery", "-A", "infra.wiring.celery", "worker", "-c", "1", "-P", "solo", "--without-mingle"])
        self.wait()

    def _spawn(self, name: str, command: list[str], without: tuple[str, ...] = ()) -> None:
        environment = {key: value for key, value in self.environment.items() if key not in without}
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            part = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._parts.append(part)

    def wait(self, seconds: float = 60) -> None:
        """Wait until the web answers its health check.

        :raises TimeoutError: it did not; the message holds the end of its log
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz", headers={"Host": "anxue.localhost"}, timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise TimeoutError((self.folder / "web.log").read_text("utf-8")[-3000:])

    def stop(self) -> None:
        """End every part."""
        for part in self._parts:
            if part.poll() is None:
                os.killpg(part.pid, signal.SIGTERM)
        for part in self._parts:
            try:
                part.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(part.pid, signal.SIGKILL)
                part.wait(5)
        self._parts.clear()
