"""The real edge before two real web servers: one may stop unseen; with both stopped visitors still learn what is going on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.wiring import haproxy
from infra.wiring.embedded import services
from infra.wiring.embedded.files import wait_until
from tests.infra.deploy.edge import edge
from tests.product import own_environment, run
from tests.public.site.whole_page import problems_of, style_hash_is_right
from tests.web import Answer, Web, free_port, serving

pytestmark = [pytest.mark.req("S2"), pytest.mark.req("R5.5")]
PLATFORM, ENTERPRISE = "anxue.localhost", "edge.localhost"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BEATS = "/api/learning/sessions/5f0c6f0e-0000-4000-8000-000000000001/beats"
OPEN = """
import django; django.setup()
from tests.tenants.ground import open_for_test
open_for_test("edge")
"""
PROBE = """
import sys, django; django.setup()
from datetime import datetime
from public.site.status import probing
from tenants.scope import platform_scope
with platform_scope():
    probing.round_of_all(at=datetime.fromisoformat(sys.argv[1]))
"""
COUNT = """
import json, sys, django; django.setup()
from datetime import datetime
from public.site.status import queries
from tenants.scope import platform_scope
with platform_scope():
    at = datetime.fromisoformat(sys.argv[1])
    uptime = queries.months(at=at, count=1)[0].uptime
    gaps = [[gap.start.isoformat(), gap.end.isoformat()] for gap in queries.gaps(at=at)]
    print(json.dumps({"minutes": uptime.minutes, "up": uptime.up, "unmeasured": uptime.unmeasured, "gaps": gaps}))
"""


@dataclass
class Stage:
    """Two ports for the web, the edge before them, and the probe beside."""

    folder: Path
    environment: dict[str, str]
    ports: tuple[int, int]
    front: Web
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def snapshot(self) -> Path:
        return self.folder / "edge" / "now.html"

    def start(self, *names: str) -> None:
        for name, port in zip("ab", self.ports, strict=True):
            if name in names:
                self.running.enter_context(serving(self.environment, log=self.folder / f"web-{name}.log", workers=1, port=port))
        assert wait_until(self.is_up, seconds=10, step=0.1), "the edge has not found the web again"

    def stop(self) -> None:
        """Stop every web; the edge stays and is told nothing."""
        self.running.close()

    def is_up(self) -> bool:
        return self.ask("/healthz").status == 200

    def ask(self, path: str, *, host: str = PLATFORM, method: str = "GET", **headers: str) -> Answer:
        return self.front.ask(host, path, method=method, body="{}" if method == "POST" else None, **headers)

    def probe(self, at: datetime) -> None:
        run(self.environment, "-c", PROBE, at.isoformat())

    def counted(self, at: datetime) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(run(self.environment, "-c", COUNT, at.isoformat()).splitlines()[-1])
        return told


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("edge")
    ports = (free_port(), free_port())
    environment = own_environment(
        folder, ANXUE_ENV="test", EDGE_FOLDER=str(folder / "edge"), STATUS_WEB_URL=f"http://127.0.0.1:{ports[0]}/healthz",
        STORAGE_URL=f"file://{folder}/store",
    )  # fmt: skip
    try:
        run(environment, "-c", OPEN)
        with edge(folder=folder / "edge", webs=ports) as front:
            found = Stage(folder, environment, ports, front)
            yield found
            found.stop()
    finally:
        services.remove_all(folder)


@pytest.fixture
def serving_both(stage: Stage) -> Iterator[Stage]:
    stage.start("a", "b")
    yield stage
    stage.stop()


def problem(answer: Answer) -> dict[str, Any]:
    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert int(answer.headers["retry-after"]) > 0
    told: dict[str, Any] = json.loads(answer.text)
    return told


def test_an_outage_of_the_whole_web_is_told_by_the_edge_counted_afterwards_and_ends_by_itself(serving_both):
    stage = serving_both
    begun = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=6)
    stage.probe(begun)
    assert "每一分钟学时" in stage.ask("/", **BROWSER).text, "the web answers through the edge"
    stage.stop()

    page = stage.ask("/", **BROWSER)  # the very first one: nobody sees an error of the edge's own
    assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert (page.headers["retry-after"], page.headers["cache-control"]) == ("30", "no-store")
    assert "网站暂时没有应答" in page.text
    assert "The site is not answering" in page.text
    shown = f"{begun + timedelta(hours=8):%Y-%m-%d %H:%M}"
    assert shown in page.text, "when it was written"
    assert re.search(r"[678] 分钟前。 <strong>探测也停了", page.text), "how old it is, and that nobody measures"
    assert problems_of(page.text) == []
    assert style_hash_is_right(page.text)
    assert stage.ask("/learn", host=ENTERPRISE, **BROWSER).text.count("<h1") == 2, "on every enterprise's host too"

    for answer in (
        stage.ask(BEATS, host=ENTERPRISE, method="POST"),
        stage.ask("/api/v1/learners", host=ENTERPRISE, **BROWSER),
        stage.ask("/people", host=ENTERPRISE, **{"HX-Request": "true", **BROWSER}),
    ):
        assert problem(answer)["code"] == "unavailable"
    english = problem(stage.ask("/api/v1/learners", host=ENTERPRISE, **{"Accept-Language": "en"}))
    assert english["detail"].startswith("The platform does not answer")

    stage.probe(begun + timedelta(minutes=1))
    page = stage.ask("/status", **BROWSER)
    assert re.search(r'网页与接口</span><span class="bad">异常', page.text), "the worker goes on measuring and says so"
    (stage.folder / "edge" / "note.zh.txt").write_text("机房停电，<预计> 18:00 恢复", encoding="utf-8")
    assert "机房停电，&lt;预计&gt; 18:00 恢复" in stage.ask("/", **BROWSER).text

    stage.start("a", "b")
    assert stage.ask("/", **BROWSER).status == 200
    stage.probe(begun + timedelta(minutes=5))  # nobody measured from the second minute to the fourth
    counted = stage.counted(begun + timedelta(minutes=6))
    assert (counted["minutes"], counted["up"], counted["unmeasured"]) == (6, 2, 3)
    assert counted["gaps"] == [[(begun + timedelta(minutes=n)).isoformat() for n in (2, 5)]]
    assert f"{begun + timedelta(minutes=2, hours=8):%H:%M}" in stage.ask("/status", **BROWSER).text, "the public page owns up"


def test_one_machine_may_stop_and_nobody_sees_it(serving_both):
    stage = serving_both
    stage.stop()
    stage.start("b")
    assert [stage.ask("/", **BROWSER).status for _ in range(6)] == [200] * 6


def test_the_page_for_answers_that_are_late_is_whole_and_fetches_nothing():
    text = (haproxy.HOME / "busy.html").read_text(encoding="utf-8")
    assert problems_of(text) == []
    assert style_hash_is_right(text)
    assert json.loads((haproxy.HOME / "busy.json").read_text(encoding="utf-8"))["code"] == "unavailable"
