"""A real web server whose PostgreSQL and Valkey are stopped in mid-request: clear 503, nothing half done, no restart."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.wiring.embedded import postgres, services, valkey
from infra.wiring.embedded.files import wait_until
from tests.product import own_environment
from tests.web import ROOT, Answer, Web, serving

PLATFORM = "anxue.localhost"
HOST = "outage.localhost"
OPEN = """
import django; django.setup()
from tests.tenants.ground import open_for_test
print(open_for_test("outage").id)
"""
SET_STATUS = """
import django; django.setup()
from tenants.opening import set_status
set_status(enterprise_id={id}, status="{status}", reason="")
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Services of this test alone, and the web server before them."""

    folder: Path
    environment: dict[str, str]
    web: Web
    enterprise: int

    def run(self, code: str) -> None:
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def lose(self, service: str) -> None:
        (postgres if service == "postgres" else valkey).stop(self.folder / service)

    def bring_back(self, service: str) -> None:
        (postgres if service == "postgres" else valkey).ensure(self.folder / service)

    def ask(self, path: str, *, host: str = HOST, method: str = "GET", **headers: str) -> Answer:
        return self.web.ask(host, path, method=method, body="" if method == "POST" else None, **headers)

    def rows(self) -> int:
        return int(json.loads(self.ask("/trial/count").text)["rows"])

    def healthy(self) -> bool:
        return self.ask("/healthz", host=PLATFORM).status == 200


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("outage")
    (folder / "steps").mkdir()
    environment = own_environment(folder, ANXUE_ENV="test", OUTAGE_FOLDER=str(folder / "steps"))
    try:
        opened = subprocess.run(
            [sys.executable, "-c", OPEN], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        with serving(environment, log=folder / "web.log", target="tests.infra.wiring.outage_site:application") as web:
            yield Stage(folder, environment, web, int(opened.stdout))
    finally:
        services.remove_all(folder)


@pytest.fixture
def steps(stage: Stage) -> Path:
    folder = stage.folder / "steps"
    for file in folder.iterdir():
        file.unlink()
    return folder


def is_clear(answer: Answer) -> bool:
    """Whether an answer says that nothing was done and when to come back, without a word of how it came."""
    leaks = ("psycopg", "Traceback", "127.0.0.1", "redis", "server closed")
    text = json.loads(answer.text)["message"] if answer.headers["content-type"] == "application/json" else answer.text
    clear = answer.status == 503 and int(answer.headers["retry-after"]) > 0 and "没有生效" in text
    return clear and not any(word in answer.text for word in leaks)


def test_health_turns_bad_with_the_database_and_good_again_without_a_restart(stage):
    assert stage.healthy()
    stage.lose("postgres")
    try:
        began = time.monotonic()
        answers = [stage.ask("/healthz", host=PLATFORM) for _ in range(6)]
        assert {answer.status for answer in answers} == {503}
        assert time.monotonic() - began < 6
    finally:
        stage.bring_back("postgres")
    assert wait_until(stage.healthy, seconds=10)
    assert all(stage.healthy() for _ in range(12)), "every thread of every process has found it again"


def test_health_turns_bad_with_valkey_and_good_again_without_a_restart(stage):
    stage.lose("valkey")
    try:
        began = time.monotonic()
        assert stage.ask("/healthz", host=PLATFORM).status == 503
        assert time.monotonic() - began < 5
    finally:
        stage.bring_back("valkey")
    assert wait_until(stage.healthy, seconds=10)
    assert all(stage.healthy() for _ in range(12))


@pytest.mark.req("S2")
def test_a_database_lost_in_mid_request_is_told_clearly_and_leaves_nothing_half_done(stage, steps):
    before = stage.rows()
    asked = {"api": "/api/trial/two-rows", "page": "/trial/two-rows?word=page", "htmx": "/trial/two-rows?word=htmx"}
    with ThreadPoolExecutor(3) as crew:
        jobs = {
            word: crew.submit(stage.ask, path, method="POST", **({"HX-Request": "true"} if word == "htmx" else {}))
            for word, path in asked.items()
        }
        assert wait_until(lambda: all((steps / f"{word}.begun").exists() for word in asked), seconds=10)
        stage.lose("postgres")
        (steps / "go").touch()
        answers = {word: job.result() for word, job in jobs.items()}
        while_lost = stage.ask("/trial/count")
        unknown_host = stage.ask("/", host="not-looked-up-yet.localhost")
        stage.bring_back("postgres")
    assert is_clear(answers["page"]), answers["page"]
    assert is_clear(answers["api"]), answers["api"]
    assert json.loads(answers["api"].text)["code"] == "unavailable"
    assert answers["htmx"].status == 503
    assert "toast" in answers["htmx"].headers["hx-trigger"]
    assert is_clear(while_lost), while_lost
    assert is_clear(unknown_host), unknown_host
    assert wait_until(stage.healthy, seconds=10)
    assert stage.rows() == before
    assert stage.ask("/trial/two-rows?word=after", method="POST").text == "done"
    assert stage.rows() == before + 2


@pytest.mark.req("S2")
def test_valkey_lost_in_mid_request_is_told_clearly_and_what_was_written_is_taken_back(stage, steps):
    before = stage.rows()
    assert stage.healthy()
    with ThreadPoolExecutor(1) as crew:
        job = crew.submit(stage.ask, "/trial/row-and-limit", method="POST")
        assert wait_until((steps / "limit.begun").exists, seconds=10)
        stage.lose("valkey")
        (steps / "go").touch()
        answer = job.result()
        still_served = stage.ask("/trial/count")
        stage.bring_back("valkey")
    assert is_clear(answer), answer
    assert still_served.status == 200, "what does not need Valkey goes on"
    assert stage.rows() == before
    assert stage.ask("/trial/row-and-limit", method="POST").text == "done"


@pytest.mark.req("S2")
def test_a_suspended_enterprise_is_shut_in_every_process_within_a_second(stage):
    def write() -> Answer:
        return stage.ask("/trial/nothing", method="POST")

    assert {write().status for _ in range(12)} == {200}
    stage.run(SET_STATUS.format(id=stage.enterprise, status="SUSPENDED"))
    time.sleep(1)
    answers = [write() for _ in range(24)]
    assert {answer.status for answer in answers} == {403}
    assert "服务已暂停" in answers[0].text
    assert stage.ask("/trial/count").status == 200, "reading stays"
    stage.run(SET_STATUS.format(id=stage.enterprise, status="ACTIVE"))
    time.sleep(1)
    assert {write().status for _ in range(24)} == {200}
