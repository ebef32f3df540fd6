"""The product's web on services of its own, and Chromium before it: for tests and journeys that need a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Any

import redis
from playwright.sync_api import Browser, sync_playwright

from infra.wiring import chromium
from infra.wiring.embedded import services
from tests import base
from tests.web import ROOT, Web, serving


@dataclass(frozen=True, slots=True)
class Served:
    """A running web, what its preparation printed, and what a process beside it needs."""

    web: Web
    known: dict[str, Any]
    environment: dict[str, str]


def own_environment(folder: Path, of: base.Base = base.FEW, **more: str) -> dict[str, str]:
    """Start database, cache and store in ``folder`` and return what a process on them needs."""
    if base.is_fresh_needed(folder):
        base.fresh(folder, of)
    outside = {name: os.environ.pop(name, None) for name in base.OUTSIDE}
    try:
        found = services.ensure_all(folder, durable=False)
    finally:
        os.environ.update({name: value for name, value in outside.items() if value})
    own = {"ANXUE_ENV": "demo", "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    return {**os.environ, **found, **own, **more}


def run(environment: dict[str, str], *command: str) -> str:
    """Run Python beside the product and return what it printed."""
    return _printed(_started(environment, *command))


def _started(environment: dict[str, str], *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE, text=True)


def _printed(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate()
    assert process.returncode == 0, err[-3000:]
    return out


def prepared(environment: dict[str, str], *command: str) -> dict[str, Any]:
    """Run ``command`` on the prepared database (`base`) and return the JSON of its last line."""
    known: dict[str, Any] = json.loads(run(environment, *command).splitlines()[-1])
    return known


_standing: set[Path] = set()


@contextmanager
def product(prepare: str) -> Iterator[Served]:
    """Serve the product after the Python of ``prepare`` has run, on a database, a cache and a web nobody used before.

    The folder is that of all tests of this process; of what the one before left in it only the store's files remain, which are named
    after what they hold.
    """
    base_folder = Path(os.environ.get("ANXUE_TEST_FOLDER") or ROOT / "build/test")
    folder = base_folder.with_name(f"{base_folder.name}-served-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    if folder not in _standing:
        services.remove_all(folder)  # what a killed run left behind
        _standing.add(folder)
    base.fresh(folder, base.FEW)
    environment = own_environment(folder)
    redis.Redis.from_url(environment["REDIS_URL"]).flushall()
    preparing = _started(environment, "-c", prepare)
    with serving(environment, log=folder / "web.log", workers=1) as web:
        yield Served(web, json.loads(_printed(preparing).splitlines()[-1]), environment)


def end() -> None:
    """Stop the servers under the products, where they were started."""
    while _standing:
        services.remove_all(_standing.pop())


@contextmanager
def chromium_browser(*arguments: str) -> Iterator[Browser]:
    """Start Chromium; it ends with the block."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop running in this thread
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=str(chromium.path()),
            env={**os.environ, **chromium.environment()},
            args=[*chromium.ARGUMENTS, *arguments],
        )
        yield browser
        browser.close()
