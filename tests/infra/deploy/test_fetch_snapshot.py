"""An edge of another place fetches the probe's page from the store, and keeps the one it has unless a whole, newer one comes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from infra.wiring import haproxy
from infra.wiring.embedded import services
from tests.infra.deploy.edge import edge
from tests.infra.deploy.test_edge_down import BROWSER, OPEN, PLATFORM, PROBE
from tests.product import own_environment, run
from tests.s3 import BUCKET, KEY, SECRET, s3_service
from tests.web import free_port, serving

SCRIPT = haproxy.HOME / "fetch_snapshot.sh"
NOW = int(time.time())


def curl_version() -> tuple[int, ...]:
    if shutil.which("curl") is None:
        return ()
    said = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.split()[1].split(".")[:2])


pytestmark = [pytest.mark.req("S2"), pytest.mark.skipif(curl_version() < (7, 87), reason="curl >= 7.87 is what an edge has")]


@dataclass
class Edge:
    """An edge's folder and how the script is asked."""

    folder: Path
    environment: dict[str, str]

    def fetch(self) -> subprocess.CompletedProcess[str]:
        own = {"PATH": os.environ["PATH"], "EDGE_FOLDER": str(self.folder), **self.environment}
        return subprocess.run(["/bin/sh", str(SCRIPT)], env=own, capture_output=True, text=True, check=False)

    def shown(self) -> str:
        return (self.folder / "now.html").read_text()


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing about who asks."""

    def log_message(self, *_: object) -> None:
        """Keep it."""


@contextmanager
def shelf(folder: Path) -> Iterator[str]:
    """Serve a folder; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[Path, Edge]]:
    folder = tmp_path / "store"
    folder.mkdir()
    with shelf(folder) as address:
        yield folder / "now.html", Edge(tmp_path / "edge", {"EDGE_SNAPSHOT_URL": f"{address}/now.html"})


def page(at: int, words: str = "") -> str:
    return f'<!doctype html>\n<html><body data-written="{at}">{words}</body>\n</html>\n'


def test_a_newer_page_takes_the_place_of_the_one_before_and_every_user_may_read_it(store):
    there, mine = store
    for n, words in enumerate(("first", "second")):
        there.write_text(page(NOW + n, words))
        assert (mine.fetch().returncode, words in mine.shown()) == (0, True)
    assert (mine.folder / "now.html").stat().st_mode & 0o777 == 0o644
    assert [one.name for one in mine.folder.iterdir()] == ["now.html"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "the store gave none"),
        ("", "no whole snapshot"),
        ("<html><body>503 Service Unavailable</body></html>", "no whole snapshot"),
        (page(NOW + 60)[:-9], "no whole snapshot"),
        (page(NOW - 60), "it is older"),
        (page(NOW + 7200), "of the future"),
        (page(NOW + 60, "x" * 300_000), "the store gave none"),
    ],
    ids=["gone", "empty", "error page", "cut off", "older", "future", "too large"],
)
def test_nothing_else_replaces_it(store, text, why):
    there, mine = store
    there.write_text(page(NOW, "kept"))
    mine.fetch()
    there.unlink() if text is None else there.write_text(text)
    refused = mine.fetch()
    assert (refused.returncode, why in refused.stderr) == (1, True), refused.stderr
    assert "kept" in mine.shown()
    assert [one.name for one in mine.folder.iterdir()] == ["now.html"]


def test_a_store_that_is_away_leaves_it(tmp_path):
    mine = Edge(tmp_path / "edge", {"EDGE_SNAPSHOT_URL": f"http://127.0.0.1:{free_port()}/now.html"})
    mine.folder.mkdir()
    (mine.folder / "now.html").write_text(page(NOW, "kept"))
    (mine.folder / ".now.killed").write_text("half")
    assert mine.fetch().returncode == 1
    assert "kept" in mine.shown()
    assert [one.name for one in mine.folder.iterdir()] == ["now.html"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_understands_its_units(tmp_path):
    for name in ("anxue-snapshot.service", "anxue-snapshot.timer"):
        shutil.copy(haproxy.HOME / name, tmp_path)
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "anxue-snapshot.timer"), str(tmp_path / "anxue-snapshot.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in said.stderr.splitlines() if "anxue-snapshot" in line]
    assert ours == []


def test_what_the_probe_of_a_real_product_wrote_is_shown_by_an_edge_that_shares_no_folder_with_it(tmp_path):
    ports = (free_port(), free_port())
    with s3_service() as s3:
        environment = own_environment(
            tmp_path, ANXUE_ENV="test", STATUS_WEB_URL=f"http://127.0.0.1:{ports[0]}/healthz", STORAGE_URL=s3.url
        )
        address = f"{s3.endpoint}/{BUCKET}/platform/status/now.html"
        mine = Edge(tmp_path / "edge", {"EDGE_SNAPSHOT_URL": address, "EDGE_SNAPSHOT_KEY": f"{KEY}:{SECRET}"})
        begun = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=2)
        try:
            run(environment, "-c", OPEN)
            with edge(folder=mine.folder, webs=ports) as front:
                with serving(environment, log=tmp_path / "web.log", workers=1, port=ports[0]):
                    for minute in (0, 1):
                        run(environment, "-c", PROBE, (begun + timedelta(minutes=minute)).isoformat())
                        fetched = mine.fetch()
                        assert fetched.returncode == 0, fetched.stderr
                down = front.ask(PLATFORM, "/", **BROWSER)
                assert down.status == 503
                assert f"{begun + timedelta(hours=8, minutes=1):%Y-%m-%d %H:%M}" in down.text
                assert re.search(r"[12] 分钟前。", down.text)
                wrong = Edge(mine.folder, {**mine.environment, "EDGE_SNAPSHOT_KEY": f"{KEY}:wrong"}).fetch()
                assert (wrong.returncode, SECRET in wrong.stderr) == (1, False)
                assert front.ask(PLATFORM, "/", **BROWSER).text.count("<h1") == 2, "what was fetched before is still there"
        finally:
            services.remove_all(tmp_path)
