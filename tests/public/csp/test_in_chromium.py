"""A real browser refuses what others put into our pages and tells us."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.wiring import chromium
from public.csp.models import CspReport
from tenants.scope import platform_scope
from tests.web import Web, serving


@pytest.fixture(scope="module")
def web(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    log: Path = tmp_path_factory.mktemp("insert") / "web.log"
    with serving(os.environ, log=log, target="tests.public.csp.insert_site:application", workers=1) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=str(chromium.path()), args=list(chromium.ARGUMENTS))
        yield found
        found.close()


@pytest.mark.req("R2.6")
@pytest.mark.parametrize("where", ["anxue", "jia"])
def test_an_inserted_script_does_not_run_and_is_reported(browser: Browser, web: Web, jia: Any, where: str) -> None:
    page = browser.new_page()
    page.goto(f"http://{where}.localhost:{web.port}/trial/{where}-13800000001/inserted?name=somebody")
    assert page.title() == "课程"
    ads = f"http://ads.localhost:{web.port}"
    wanted = {("script-src-elem", ads), ("script-src-elem", "inline"), ("img-src", ads), ("frame-src", ads)}
    found: set[tuple[str, str]] = set()
    end = time.monotonic() + 20
    while not wanted <= found and time.monotonic() < end:
        page.wait_for_timeout(200)
        with platform_scope():
            rows = CspReport.objects.filter(page="/trial/…/inserted")
            found = set(rows.values_list("directive", "blocked"))
    assert wanted <= found
    with platform_scope():
        CspReport.objects.filter(page="/trial/…/inserted").delete()
    page.close()
