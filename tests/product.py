"""The product's web on services of its own, and Chromium before it: for tests and journeys that need a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
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


def own_environment(folder: Path, **more: str) -> dict[str, str]:
    """Start database, cache and store in ``folder`` and return what a process on them needs."""
    if base.is_fresh_needed(folder):
        base.fresh(folder)
    outside = {name: os.environ.pop(name, None) for name in base.OUTSIDE}
    try:
        found = services.ensure_all(folder, durable=False)
    finally:
        os.environ.update({name: value for name, value in outside.items() if value})
    own = {"ANXUE_ENV": "demo", "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    return {**os.environ, **found, **own, **more}


def run(environment: dict[str, str], *command: str) -> str:
    """Run Python beside the product and return what it printed."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def prepared(environment: dict[str, str], *command: str, pool: int = 1) -> dict[str, Any]:
    """Make roles, tables and ``pool`` warm schemas, run ``command``, and return the JSON of its last line."""
    run(environment, "manage.py", "bootstrap", "--pool", str(pool))
    known: dict[str, Any] = json.loads(run(environment, *command).splitlines()[-1])
    return known


_standing: list[tuple[ExitStack, Web, dict[str, str]]] = []


@contextmanager
def product(prepare: str) -> Iterator[Served]:
    """Serve the product after the Python of ``prepare`` has run; use subdomains of your own.

    All tests of this process share one web and its services: starting them takes longer than most tests. Each begins with an empty
    cache, so that nobody's tries count as another's.
    """
    _ends, web, environment = _stand()
    redis.Redis.from_url(environment["REDIS_URL"]).flushdb()
    yield Served(web, json.loads(run(environment, "-c", prepare).splitlines()[-1]), environment)


def _stand() -> tuple[ExitStack, Web, dict[str, str]]:
    if not _standing:
        base_folder = Path(os.environ.get("ANXUE_TEST_FOLDER") or ROOT / "build/test")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        folder = base_folder.with_name(f"{base_folder.name}-served-{worker}")
        services.remove_all(folder)  # what a killed run left behind
        with ExitStack() as starting:
            web, environment = starting.enter_context(_served(folder))
            _standing.append((starting.pop_all(), web, environment))
    return _standing[0]


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Web, dict[str, str]]]:
    try:
        environment = own_environment(folder)
        run(environment, "manage.py", "bootstrap")
        with serving(environment, log=folder / "web.log", workers=1) as web:
            yield web, environment
    finally:
        services.remove_all(folder)


@contextmanager
def product_alone(folder: Path, prepare: str) -> Iterator[Served]:
    """Serve a product for one file alone, from ``folder``: for tests after which the platform is not as others expect it."""
    with _served(folder) as (web, environment):
        yield Served(web, json.loads(run(environment, "-c", prepare).splitlines()[-1]), environment)


def end() -> None:
    """Stop the shared product, where one was started."""
    while _standing:
        _standing.pop()[0].close()


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
