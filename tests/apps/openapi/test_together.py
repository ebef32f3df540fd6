"""On real connections: two writes at the same moment, and the examples as other systems run them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from stdnum.cn import uscc

from apps.openapi.examples.client import Client, Refused
from apps.openapi.models import RepeatedCall
from apps.people.models import Learner
from tenants.opening import Application
from tenants.scope import enterprise_scope
from tests.apps.plans.ground import NOON, resident_id
from tests.tenants.ground import opened
from tests.together import together
from tests.web import ROOT

from .ground import BASE, Caller, seal_ledger, token


@pytest.fixture
def fresh(database: None) -> Any:
    """An enterprise of its own: what several connections do is not rolled back."""
    body = f"91330106MA2{random.randint(100_000, 999_999)}"
    name = f"openapi-{random.randint(10_000, 99_999)}"
    asked = Application("杭州丁机械有限公司", body + uscc.calc_check_digit(body), name, "C34", "GENERAL", "330106")
    return opened(asked, at=NOON)


def person(n: int) -> dict[str, Any]:
    return {"name": "学员甲", "id_number": resident_id(n), "mobile": f"1380000{n:04d}", "unit": "生产部"}


@pytest.mark.req("R7.3")
def test_the_same_write_at_the_same_moment_is_done_once_and_answered_alike(fresh):
    with enterprise_scope(fresh):
        secret = token()
    told = together(fresh, lambda: Caller(fresh, secret).post("/learners", person(1), once="same"))
    assert {one.status for one in told} == {201}
    assert len({json.dumps(one.body, sort_keys=True) for one in told}) == 1
    assert sorted("Idempotent-Replayed" in one.headers for one in told) == [False, True, True, True]
    with enterprise_scope(fresh):
        assert (Learner.objects.count(), RepeatedCall.objects.count()) == (1, 1)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Any) -> Iterator[str]:
    """Serve the product on this machine as the enterprise's host; yields the address of the interface."""

    application = get_wsgi_application()

    def hosted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return application({**environ, "HTTP_HOST": site.host}, start)

    server: WSGIServer = make_server("127.0.0.1", 0, hosted, handler_class=_Quiet)

    def run() -> None:
        try:
            server.serve_forever(poll_interval=0.02)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.req("R7.3")
def test_the_example_reads_writes_and_follows_the_ledger(fresh):
    with enterprise_scope(fresh):
        secret = token()
    with served(fresh) as base:
        client = Client(base, secret)
        added = [client.ask("POST", "/learners", person(n), once=f"p-{n}") for n in range(3)]
        assert client.ask("POST", "/learners", person(0), once="p-0") == added[0]
        with pytest.raises(Refused) as refused:
            client.ask("POST", "/learners", person(0))
        assert refused.value.problem["code"] == "id_taken"
        assert [one["id"] for one in client.pages("/learners", limit="2")] == [one["id"] for one in added]
        with enterprise_scope(fresh):
            seal_ledger()
        found, following = client.records()
        assert [one["learner_id"] for one in found] == [one["id"] for one in added]
        assert client.records(following) == ([], following)
        said = subprocess.run(
            [sys.executable, "apps/openapi/examples/client.py", "key"],
            cwd=ROOT, env={**os.environ, "ANXUE_BASE": base, "ANXUE_KEY": secret}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert json.loads(said.stdout)["enterprise"] == fresh.name
