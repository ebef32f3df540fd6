"""A page view and a filter in a real browser arrive in the figures; the pages on both screens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.product import Served, chromium_browser, product, run
from tests.screens import Screen

pytestmark = pytest.mark.req("R6.1.4")
PREPARE = """
import django; django.setup()
import json
from django.conf import settings
from django.test import Client
from public.operators.api import SECOND_FACTOR
from tenants.api import Credential
from tenants.scope import platform_scope
from tests.public.desk import operator

known = {"host": settings.PLATFORM_HOST}
with platform_scope():
    for role in ("SYSTEM", "OPERATIONS"):
        credential = Credential.objects.get(pk=operator(role))
        browser = Client(headers={"host": settings.PLATFORM_HOST})
        browser.force_login(credential)
        session = browser.session
        session[SECOND_FACTOR] = credential.pk
        session.save()
        known[role] = browser.cookies["sessionid"].value
print(json.dumps(known))
"""
FIGURES = """
import django; django.setup()
import json
from datetime import timedelta
from infra.kit import clock
from public.timing import adding
from public.timing.models import AddedUp, TimedHour
from tenants.scope import platform_scope
with platform_scope():
    AddedUp.objects.all().delete()
    TimedHour.objects.all().delete()
    adding.add_up(at=clock.now() + timedelta(minutes=2))
    print(json.dumps([list(row) for row in TimedHour.objects.values_list("kind", "route", "site", "device", "count", "total_ms")]))
"""
MONTHS = """
import django; django.setup()
from datetime import timedelta
from infra.kit import clock
from public.timing.models import Kind
from tenants.scope import platform_scope
from tests.public.timing.ground import views, waits
with platform_scope():
    at = clock.now()
    for back in range(27, -1, -1):
        on, busy = at - timedelta(days=back), 1 + (back * 7 % 11) / 10
        for n, (route, ms, device) in enumerate((
            ("learn-home", 900, "PHONE"), ("learn-player", 1700, "PHONE"), ("learn-home", 600, "DESKTOP"), ("console", 700, "DESKTOP"),
            ("console-people", 1300, "DESKTOP"), ("console-people", 2100, "PHONE"), ("console-archives", 3400, "DESKTOP"), ("sign-in", 500, "PHONE"))):
            every = 10 if route.startswith("learn") or route == "sign-in" else 1
            times = [round(ms * busy * (1 + k / 12)) for k in range(6)]
            for kind, part in ((Kind.FIRST, 0.15), (Kind.READY, 0.55), (Kind.PAINTED, 0.7), (Kind.LOADED, 1), (Kind.SWAP, 0.25)):
                waits(route, [round(one * part) for one in times], at=on, kind=kind, device=device, stands_for=every)
            views(route, 6 * every + n, at=on, device=device)
        if back == 9:
            waits("console-people", [9_000] * 300, at=on, kind=Kind.LOADED)
        waits("", [20] * 90 + [110] * 10, at=on, kind=Kind.SERVER, device="")
print("{}")
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Served]:
    with product(PREPARE) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


class Person(Screen):
    prefix = "timing-"

    def sit(self, cookie: str) -> None:
        self.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "domain": self.origin.split("//")[1].split(":")[0], "path": "/"}]
        )


def person(browser: Browser, stage: Served, role: str) -> Person:
    found = Person(browser, stage.web, stage.known["host"])
    found.sit(stage.known[role])
    return found


def figures(stage: Served) -> dict[tuple[str, str], list[Any]]:
    """What arrived, by kind and page; the web hands over after five seconds, with the next thing it is asked."""
    told = run(stage.environment, "-c", FIGURES)
    return {(kind, route): rest for kind, route, *rest in json.loads(told.splitlines()[-1])}


NOTED = """
const send = Navigator.prototype.sendBeacon;
Navigator.prototype.sendBeacon = function (url, body) {
  localStorage.setItem("told", JSON.stringify([...JSON.parse(localStorage.getItem("told") ?? "[]"), JSON.parse(body)]));
  return send.call(this, url, body);
};
"""
"""Requests of a page that is being left are not seen from outside; so the page notes what it sends."""


def left(who: Person) -> list[dict[str, Any]]:
    """Leave the page; return what this browser's pages have sent."""
    who.go("/healthz")
    found: list[dict[str, Any]] = json.loads(who.page.evaluate("localStorage.getItem('told') ?? '[]'"))
    return found


def test_a_page_view_and_a_swap_arrive_in_the_figures(stage, browser):
    who = person(browser, stage, "OPERATIONS")
    who.context.add_init_script(NOTED)
    who.go("/desk/csp")
    with who.page.expect_response(lambda answer: "q=none" in answer.url):
        who.page.fill("input[type=search]", "none")
    expect(who.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    (view,) = left(who)
    assert view["page"] == "desk-csp"
    first, ready, loaded, painted = view["times"]
    assert 0 < first <= ready <= loaded
    assert painted > 0
    assert len(view["swaps"]) == 1
    found = arrived(stage, "desk-csp")
    site = ["PLATFORM", "DESKTOP", 1]
    assert found["LOADED", "desk-csp"] == [*site, loaded]
    assert found["FIRST", "desk-csp"] == [*site, first]
    assert found["PAINTED", "desk-csp"] == [*site, painted]
    assert found["SWAP", "desk-csp"] == [*site, view["swaps"][0]]
    assert found["VIEW", "desk-csp"][2] == 1
    assert found["SERVER", ""][2] >= 1
    assert who.errors == []


def arrived(stage: Served, route: str) -> dict[tuple[str, str], list[Any]]:
    """Ask whether the web lives, as the load balancer does, until it has handed over what it counted."""
    for _ in range(40):
        stage.web.ask(stage.known["host"], "/healthz")
        found = figures(stage)
        if ("LOADED", route) in found:
            return found
    raise AssertionError("nothing arrived")


def test_a_browser_that_cannot_send_does_nothing(stage, browser):
    who, other = person(browser, stage, "OPERATIONS"), person(browser, stage, "SYSTEM")
    who.context.add_init_script("Navigator.prototype.sendBeacon = undefined")
    who.go("/desk/facts")
    assert who.page.evaluate("navigator.sendBeacon") is None
    assert who.page.locator("meta[name=ax-timing]").get_attribute("content") == "desk-facts"
    who.go("/desk/announcements")
    who.go("/healthz")
    other.go("/desk/policies")
    other.go("/healthz")
    found = arrived(stage, "desk-policies")
    assert {kind for kind, route in found if route in {"desk-facts", "desk-announcements"}} == {"VIEW"}
    assert who.errors == []


def test_polling_is_nobody_s_wait(stage, browser):
    who = person(browser, stage, "SYSTEM")
    who.context.add_init_script(NOTED)
    who.go("/desk/load")
    with who.page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        who.page.evaluate("htmx.ajax('GET', '/desk/load', {source: '#live', select: '#live', target: '#live'})")
    expect(who.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    assert [one["swaps"] for one in left(who)] == [[]]


SWAP = """(steps) => {
  const xhr = {}, detail = { xhr, elt: document.body, requestConfig: { verb: "get", triggeringEvent: { isTrusted: true } } };
  const does = {
    asked: () => document.dispatchEvent(new CustomEvent("htmx:beforeRequest", { detail })),
    shown: () => document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail })),
    hidden: () => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    seen: () => delete document.hidden,
    left: () => dispatchEvent(new Event("pagehide")),
  };
  performance.now = () => 500;
  for (const step of steps) does[step]();
}"""
"""What browsers report around a swap; phones report both that a page is hidden and that it is left, some only one of them."""


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["asked", "shown", "hidden", "left"], [[0]]),
        (["asked", "hidden", "seen", "shown", "left"], [[]]),
        (["hidden", "left", "seen", "asked", "shown", "left"], [[], [0]]),
        (["left", "asked", "shown", "hidden", "seen", "left"], [[], [0]]),
    ],
    ids=["once", "who looks away waits no more", "seen again", "from the back-forward cache"],
)
def test_a_page_tells_each_wait_once(stage, browser, steps, told):
    who = person(browser, stage, "OPERATIONS")
    who.context.add_init_script(NOTED)
    who.go("/desk/csp")
    who.page.wait_for_load_state("load")
    who.page.evaluate(SWAP, steps)
    found = left(who)
    assert ([one["swaps"] for one in found], [len(one["times"]) for one in found]) == (told, [4, 0][: len(told)])
    assert who.errors == []


def test_pages_on_both_screens(stage, browser):
    who = person(browser, stage, "SYSTEM")
    who.go("/desk/timing")
    run(stage.environment, "-c", MONTHS)
    for name, path, wait in (
        ("board", "/desk/timing", "text=最慢的在前"),
        ("empty", "/desk/timing?period=2020-01", "text=这段时间还没有数据"),
        ("sampling", "/desk/timing/sampling", "text=每次都测"),
        ("rate", "/desk/timing/sampling/LEARNER", "main form"),
        ("load", "/desk/load", ".ld-meters"),
    ):
        who.go(path)
        who.shoot(name, wait)
    assert who.errors == []
