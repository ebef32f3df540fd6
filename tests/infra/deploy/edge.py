"""The real edge (HAProxy with the configuration of `infra/deploy/edge`) on a free port, for tests."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.wiring import haproxy
from tests.web import Web, free_port


@contextmanager
def edge(*, folder: Path, webs: tuple[int, int]) -> Iterator[Web]:
    """Run the edge before two ports of the loopback address until the block ends; ``folder`` is its ``EDGE_FOLDER``."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {
        **os.environ,
        "EDGE_HOME": str(haproxy.HOME),
        "EDGE_FOLDER": str(folder),
        "EDGE_NAME": f"anxue-{port}",
        "EDGE_BIND": f"127.0.0.1:{port}",
        "EDGE_WEB_A": f"127.0.0.1:{webs[0]}",
        "EDGE_WEB_B": f"127.0.0.1:{webs[1]}",
        "EDGE_CHECK_HOST": "anxue.localhost",
    }
    log = folder / "edge.log"
    with log.open("w") as out:
        command = [*haproxy.command(), "-db", "-f", str(haproxy.HOME / "haproxy.cfg")]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    web = Web(port, process.pid)
    try:
        _wait(web, process, log)
        yield web
    finally:
        process.terminate()
        process.wait(15)


def _wait(web: Web, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            web.ask("anxue.localhost", "/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the edge did not come up: {log.read_text()[-2000:]}")
