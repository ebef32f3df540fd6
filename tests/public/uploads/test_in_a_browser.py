"""An upload whose session ends in the middle, in a real browser: who signs in again sends nothing twice."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Response, Route, expect

from tests.product import Served, chromium_browser, product, run
from tests.screens import PASSWORD, Screen

OWNER = "13800009301"
PREPARE = f"""
import django; django.setup()
import json
from apps.people import api as people
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.tenants.ground import open_for_test

site, at = open_for_test("chuan"), clock.now()
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="{OWNER}", password="{PASSWORD}", at=at)
print(json.dumps({{"host": site.host}}))
"""
END_SESSIONS = """
import django; django.setup()
import sys
from django.contrib.sessions.models import Session
from tenants import sites
from tenants.scope import enterprise_scope

with enterprise_scope(sites.resolve(sys.argv[1])):
    Session.objects.all().delete()
"""
CHECK = """
import django; django.setup()
from infra.kit import clock
from public.uploads import checking
from public.uploads.models import Upload
from tenants.scope import platform_scope

with platform_scope():
    for row in Upload.objects.filter(state="CHECKING"):
        checking.check(upload=row.uuid, at=clock.now())
"""
"""What a worker does; none stands beside this web."""
SIGN, PUT = re.compile(r"/parts/(\d+)/sign$"), re.compile(r"/parts/(\d+)\?")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture
def screen(served) -> Iterator[Screen]:
    with chromium_browser() as chromium:
        one = Screen(chromium, served.web, served.known["host"])
        one.quiet = True
        one.prefix = "uploads-"
        one.sign_in(OWNER, "/console")
        yield one


def licence() -> bytes:
    """A picture of three parts: noise does not pack."""
    stream = io.BytesIO()
    Image.frombytes("RGB", (3000, 2100), os.urandom(3000 * 2100 * 3)).save(stream, "PNG", compress_level=0)
    return stream.getvalue()


class Parts:
    """Which parts the page asks to send and sends; ``is_held`` keeps the asking for all but the first back."""

    def __init__(self, page: Page) -> None:
        self.page, self.sent, self.arrived = page, [], []
        self.held: list[Route] = []
        self.is_held = False
        page.route(SIGN, self._asked)
        page.on("request", lambda asked: self._note(asked, self.sent))
        page.on("response", self._answered)

    def let_go(self) -> None:
        self.is_held = False
        for route in self.held:
            route.continue_()

    def _asked(self, route: Route) -> None:
        if self.is_held and "/parts/1/" not in route.request.url:
            self.held.append(route)
        else:
            route.continue_()

    def _answered(self, got: Response) -> None:
        if got.ok:
            self._note(got.request, self.arrived)

    def _note(self, asked: Request, into: list[int]) -> None:
        found = PUT.search(asked.url)
        if found and asked.method == "PUT":
            into.append(int(found[1]))


def enter_again(screen: Screen) -> None:
    dialog = screen.page.locator("#signed-out")
    expect(dialog).to_be_visible()
    dialog.locator('[name="mobile"]').fill(OWNER)
    dialog.locator('[name="password"]').fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()


def wait(screen: Screen, what: Sequence[object]) -> None:
    for _ in range(400):
        if what:
            return
        screen.page.wait_for_timeout(50)
    raise AssertionError("nothing came")


def test_who_signs_in_again_goes_on_with_the_parts_that_have_arrived(served, screen):
    page = screen.page
    parts, said = Parts(page), page.locator("[data-upload-said]").first

    def end_session() -> None:
        run(served.environment, "-c", END_SESSIONS, served.known["host"])

    screen.go("/console/company/verify")
    parts.is_held = True
    file = {"name": "执照.png", "mimeType": "image/png", "buffer": licence()}
    page.locator("[data-upload-input]").first.set_input_files([file])
    wait(screen, parts.arrived)
    end_session()
    parts.let_go()
    expect(said).to_contain_text("登录已过期")
    screen.shoot("session-over", "#signed-out", whole=False)
    enter_again(screen)
    expect(said).to_contain_text("正在检查文件")
    assert sorted(parts.sent) == [1, 2, 3]

    end_session()  # while the file is checked
    enter_again(screen)
    expect(said).to_contain_text("正在检查文件")

    told: list[Route] = []
    page.route("**/console/company/verify/arrived**", lambda route: told.append(route), times=1)
    run(served.environment, "-c", CHECK)
    wait(screen, told)
    end_session()  # when it is handed over to the page
    told[0].continue_()
    enter_again(screen)
    expect(said).to_contain_text("检查通过")
    expect(page.locator("main")).to_contain_text("执照.png")
