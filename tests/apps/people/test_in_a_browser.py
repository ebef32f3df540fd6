"""The manager's pages of people in a real browser, on a desktop and a phone: dragging a unit, a cell in place, many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from playwright.sync_api import Page, expect

from tests.product import chromium_browser, product
from tests.web import ROOT, Web

SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
PREPARE = """
import django; django.setup()
import json
from django.test import Client
from apps.people import api as people
from apps.people import sealing
from apps.people.models import Manager, Notice, Unit
from apps.people.notify import expiring
from infra.kit import clock
from infra.wiring import devdata
from tenants.api import Credential
from tenants.scope import enterprise_scope
from tests.tenants.ground import open_for_test

site, at = open_for_test("order"), clock.now()
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile=devdata.OWNER_MOBILE, password=None, at=at)
    for n in range(1, 25):
        people.add_learner(
            name=devdata._name(n), id_number=devdata._resident_id(n), mobile=devdata._mobile(n), at=at,
            unit_path=devdata.UNITS[n % 4], position=devdata.POSITIONS[n % 4][0], employment="OWN",
        )
    devdata._order_people(at)
    expiring.tell(at=at)
    told = Notice.objects.filter(learner__isnull=False).select_related("learner").first().learner
    view = people.search_learners(limit=1)[0]

def cookie_of(mobile):
    browser = Client(headers={"host": site.host})
    with enterprise_scope(site):
        browser.force_login(Credential.objects.by_login(mobile))
    return browser.cookies["sessionid"].value

found = {"host": site.host, "learner": str(view.uuid), "owner mobile": devdata.OWNER_MOBILE}
with enterprise_scope(site):
    found["told mobile"] = sealing.unseal(told.mobile_sealed, sealing.MOBILE)
    found["workshop"] = Unit.objects.get(name="一车间").pk
    found["manager"] = Manager.objects.get(role="UNIT").pk
for role, mobile in (("owner", devdata.OWNER_MOBILE), ("unit", devdata._manager_mobile(2)), ("auditor", devdata._manager_mobile(4))):
    found[role] = cookie_of(mobile)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, {**served.known, "valkey": served.environment["REDIS_URL"]}


class Desk:
    """One manager before the served product."""

    def __init__(self, page: Page, web: Web, known: dict[str, Any]) -> None:
        self.page, self.web, self.known = page, web, known
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sit(self, role: str) -> None:
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": "sessionid", "value": self.known[role], "domain": self.known["host"], "path": "/"}]
        )

    def go(self, path: str) -> None:
        self.page.goto(f"http://{self.known['host']}:{self.web.port}{path}")

    def shoot(self, name: str, path: str) -> None:
        """Look at a page on both screens; wider than its screen is a failure."""
        folder = ROOT / "build/screens"
        folder.mkdir(parents=True, exist_ok=True)
        for size, pixels in SIZES.items():
            self.page.set_viewport_size(pixels)  # type: ignore[arg-type]
            self.go(path)
            self.page.screenshot(path=folder / f"people-{name}-{size}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide}px wider than the {size} screen"


@pytest.fixture(scope="module")
def desk(stage: tuple[Web, dict[str, Any]]) -> Iterator[Desk]:
    web, known = stage
    with chromium_browser() as browser:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES["desktop"])  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        one = Desk(context.new_page(), web, known)
        yield one
    assert one.errors == []


@pytest.mark.req("R2.9")
def test_every_page_fits_both_screens(desk):
    desk.sit("owner")
    learner, unit, manager = desk.known["learner"], desk.known["workshop"], desk.known["manager"]
    for name, path in {
        "list": "/console/people?role=CY",
        "edit": f"/console/people/{learner}",
        "add": "/console/people/add",
        "qualify": f"/console/people/{learner}/qualifications",
        "qualifications": "/console/qualifications",
        "units": "/console/units",
        "unit": f"/console/units/{unit}",
        "positions": "/console/units/positions",
        "position": "/console/units/positions/add?name=电工班",
        "managers": "/console/managers",
        "manager": f"/console/managers/{manager}",
        "invite": "/console/managers/invite",
        "history": "/console/people/history",
    }.items():
        desk.shoot(name, path)
    desk.sit("auditor")
    desk.shoot("auditor", f"/console/people/{learner}")
    desk.sit("unit")
    desk.shoot("supervisor", "/console/people")


@pytest.mark.req("R2.9")
def test_a_unit_is_dragged_below_another_one_and_never_below_itself(desk):
    desk.sit("owner")
    desk.page.set_viewport_size(SIZES["desktop"])
    desk.go("/console/units")
    row = lambda name: desk.page.locator(".pp-node", has=desk.page.get_by_role("link", name=name, exact=True))  # noqa: E731
    row("生产部").drag_to(row("甲班"))
    assert desk.page.url.endswith("/console/units")
    expect(row("二车间")).to_have_class("pp-node pp-depth-1")
    row("二车间").drag_to(row("仓储部"))
    expect(desk.page.get_by_text("已移动“二车间”")).to_be_visible()
    assert row("二车间").get_attribute("data-parent") == row("仓储部").get_attribute("data-unit")
    expect(row("生产部")).to_have_class("pp-node pp-depth-0")


@pytest.mark.req("R2.9")
def test_a_cell_is_changed_in_place_and_many_people_at_once(desk):
    desk.sit("owner")
    desk.page.set_viewport_size(SIZES["desktop"])
    desk.go("/console/people?sort=name")
    cell = desk.page.locator("td.pp-cell").first
    cell.locator(".pp-edit").click()
    cell.locator("input[name=value]").fill("起重工")
    cell.locator("input[name=value]").press("Enter")
    expect(cell.locator(".pp-edit")).to_have_text("起重工")
    desk.page.locator("[data-bulk-item]").nth(1).check()
    desk.page.locator("[data-bulk-item]").nth(2).check()
    expect(desk.page.locator("[data-bulk-bar]")).to_be_in_viewport(ratio=1)
    desk.page.locator("[name=to_position]").fill("巡检工")
    for size in ("phone", "desktop"):
        desk.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
        expect(desk.page.get_by_role("button", name="改岗位")).to_be_in_viewport(ratio=1)
        desk.page.screenshot(path=ROOT / f"build/screens/people-bulk-{size}.png")
    desk.page.get_by_role("button", name="改岗位").click()
    expect(desk.page.get_by_text("已处理 2 人")).to_be_visible()
    assert "sort=name" in desk.page.url
    assert desk.page.get_by_text("巡检工").count() == 2


def _enter(desk: Desk, mobile: str) -> None:
    """Sign in by a text message, as everybody does for the first time; a code of a minute ago, of a try before, is no hindrance."""
    valkey = redis.Redis.from_url(desk.known["valkey"])
    for key in valkey.scan_iter("*LIMITER/sms/*"):
        valkey.delete(key)
    desk.page.context.clear_cookies()
    desk.go("/sign-in")
    way = desk.page.get_by_role("button", name="改用短信验证码登录")
    if way.count():
        way.click()
    desk.page.fill('[name="mobile"]', mobile)
    desk.page.get_by_role("button", name="获取验证码").click()
    expect(desk.page.get_by_text("验证码已发送到")).to_be_visible()
    outbox = desk.page.context.new_page()
    outbox.goto(f"http://{desk.known['host']}:{desk.web.port}/dev/outbox")
    code = outbox.locator(f'[data-code-for="{mobile}"]').first.inner_text()
    outbox.close()
    desk.page.locator('[name="code"]').first.click()
    desk.page.keyboard.type(code)
    if "/sign-in" in desk.page.url:
        desk.page.get_by_role("button", name="登录", exact=True).click()
    desk.page.wait_for_url(re.compile("/(learn|password|console)"))


def test_a_message_appears_is_read_and_made_unread_again(desk):
    """The manager at a desk and the learner at a phone: from the bell to the list, all read, undone, one opened."""
    sides = (("console", "owner mobile", "desktop", "特种作业证："), ("learn", "told mobile", "phone", "特种作业证"))
    for side, who, size, title in sides:
        desk.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
        _enter(desk, desk.known[who])
        desk.go(f"/{side}")
        bell = desk.page.locator("a.ax-bell[href$='/messages']")
        expect(bell).to_have_accessible_name(re.compile("条未读"))
        bell.click()
        expect(desk.page.locator(".pn-unread").first).to_contain_text(title)
        desk.page.get_by_role("button", name="全部标为已读").click()
        expect(desk.page.locator(".pn-unread")).to_have_count(0)
        expect(desk.page.locator("a.ax-bell[href$='/messages']")).to_have_accessible_name("消息，没有未读")
        desk.page.get_by_role("button", name="撤销").click()
        expect(desk.page.locator(".pn-unread").first).to_be_visible()
        for name in ("messages", "messages/choices"):
            desk.shoot(f"{side}-{name.replace('/', '-')}", f"/{side}/{name}")
        desk.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
        desk.go(f"/{side}/messages")
        desk.page.locator("a.pn-title").first.click()
        desk.page.wait_for_url(re.compile("/console/qualifications|/learn/archive"))
    desk.sit("owner")
    desk.go("/console/deliveries")
    desk.page.get_by_role("button", name="发测试消息").click()
    desk.page.get_by_role("button", name="发送", exact=True).click()
    expect(desk.page.get_by_text("测试消息已排入发送")).to_be_visible()
    expect(desk.page.locator("tbody tr").first).to_contain_text("这是一条测试消息")
    for name, path in {"deliveries": "", "settings": "/settings", "robot": "/robots/add"}.items():
        desk.shoot(f"notices-{name}", f"/console/deliveries{path}")
