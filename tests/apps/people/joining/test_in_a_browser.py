"""Joining in a real browser: the manager signs in and prints a poster, somebody registers on a phone, is let in, and signs in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.apps.plans.ground import resident_id
from tests.product import chromium_browser, product
from tests.web import ROOT, Web

SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
OWNER, NEW, PASSWORD = "13800000008", "13811110001", "a-long-password"
PREPARE = f"""
import django; django.setup()
import json
from apps.people import api as people
from apps.people import services
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.tenants.ground import open_for_test

site, at = open_for_test("joining"), clock.now()
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="{OWNER}", password="{PASSWORD}", at=at)
    services.unit_of_path("生产部/热处理与表面处理联合车间（二期）")
print(json.dumps({{"host": site.host}}))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, str, str]]:
    with product(PREPARE) as served:
        yield served.web, served.known["host"], served.environment["REDIS_URL"]


def _a_minute_later(stage: tuple[Web, str, str]) -> None:
    """Forget that a code was sent to this phone just now: people wait longer for a manager than this test."""
    valkey = redis.Redis.from_url(stage[2])
    for key in valkey.scan_iter("*LIMITER/sms/*"):
        valkey.delete(key)


class Seat:
    """Somebody before a screen."""

    def __init__(self, browser: Browser, stage: tuple[Web, str, str], size: str) -> None:
        self.web, self.host, _redis = stage
        self.size = size
        shown: dict[str, Any] = {"viewport": SIZES[size], "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        self.context: BrowserContext = browser.new_context(**shown, is_mobile=size == "phone", has_touch=size == "phone")
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(f"http://{self.host}:{self.web.port}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def code(self, mobile: str) -> str:
        outbox = self.context.new_page()
        outbox.goto(f"http://{self.host}:{self.web.port}/dev/outbox")
        code = outbox.locator(f'[data-code-for="{mobile}"]').first.inner_text()
        outbox.close()
        return code

    def shoot(self, name: str) -> None:
        """Take a picture of the whole page; wider than its screen is a failure."""
        folder = ROOT / "build/screens"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"joining-{name}-{self.size}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide}px wider than the {self.size} screen"

    def shoot_both(self, name: str) -> None:
        """The same page on both screens."""
        mine = self.size
        for size, pixels in SIZES.items():
            self.page.set_viewport_size(pixels)  # type: ignore[arg-type]
            self.size = size
            self.shoot(name)
        self.size = mine
        self.page.set_viewport_size(SIZES[mine])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


@pytest.mark.req("R2.9")
def test_from_the_poster_to_the_first_sign_in(browser, stage):
    desk, phone = Seat(browser, stage, "desktop"), Seat(browser, stage, "phone")
    desk.go("/sign-in")
    desk.page.get_by_label("手机号").fill(OWNER)
    desk.page.get_by_label("密码").fill(PASSWORD)
    desk.press("登录")
    desk.page.wait_for_url("**/console**")
    desk.go("/console/joining")
    desk.shoot_both("invites-empty")
    desk.page.get_by_role("link", name="新建邀请").first.click()
    desk.page.get_by_label("登记到的部门").select_option(label="生产部/热处理与表面处理联合车间（二期）")
    desk.shoot_both("invite-form")
    desk.press("生成二维码")
    desk.shoot_both("invite")
    with desk.page.expect_download() as poster:
        desk.page.get_by_role("link", name="下载海报 PDF").click()
    assert poster.value.suggested_filename.endswith(".pdf")
    address = desk.page.get_by_label("登记链接").input_value()

    phone.page.goto(address)
    phone.shoot("register")
    phone.page.get_by_label("姓名").fill("学员乙")
    phone.page.get_by_label("身份证号").fill("330106199003070015")
    phone.page.get_by_label("手机号").fill(NEW)
    phone.page.get_by_label("我同意").check()
    phone.press("获取验证码")
    expect(phone.page.get_by_text("身份证号不正确").first).to_be_visible()
    phone.shoot("register-wrong")
    phone.page.get_by_label("身份证号").fill(resident_id(77))
    phone.press("获取验证码")
    expect(phone.page.get_by_text("验证码已发送到")).to_be_visible()
    phone.shoot("register-code")
    phone.page.locator("[name=code]").fill(phone.code(NEW))
    phone.press("提交登记")
    expect(phone.page.get_by_text("等待审核")).to_be_visible()
    phone.shoot("waiting")

    desk.go("/console/joining/requests")
    desk.shoot_both("requests")
    desk.page.locator("[data-bulk-item]").first.check()
    desk.press("通过")
    expect(desk.page.get_by_text("已通过 1 人")).to_be_visible()
    phone.page.get_by_role("link", name="刷新看结果").click()
    expect(phone.page.get_by_text("登记已通过")).to_be_visible()
    phone.shoot("admitted")
    phone.page.get_by_role("link", name="去登录").click()
    _a_minute_later(stage)
    phone.page.get_by_label("手机号").fill(NEW)
    phone.press("获取验证码")
    expect(phone.page.get_by_text("验证码已发送到")).to_be_visible()
    phone.page.locator("[name=code]").fill(phone.code(NEW))
    phone.press("登录")
    phone.page.wait_for_url("**/password**")
    phone.go("/me")
    expect(phone.page.get_by_text("这台设备")).to_be_visible()
    phone.shoot_both("me")
    phone.go("/me/phone")
    phone.shoot_both("phone")
    desk.go("/console/sign-in/wecom")
    desk.shoot_both("wecom")
    desk.page.get_by_label("企业 ID").fill("ww-corp")
    desk.page.get_by_label("AgentId").fill("1000002")
    desk.page.get_by_label("应用 Secret").fill("secret")
    desk.press("保存")
    expect(desk.page.get_by_text("已保存。请点")).to_be_visible()
    desk.go("/console/sign-in")
    desk.shoot_both("ways")
    desk.go("/console/sign-in/ldap")
    desk.shoot_both("ldap")
    desk.go("/console/people")
    desk.page.get_by_role("link", name="学员乙").click()
    desk.page.get_by_role("link", name="登录与设备").click()
    desk.shoot_both("way-in")
    desk.press("全部退出登录")
    desk.page.get_by_role("button", name="全部退出", exact=True).click()
    expect(desk.page.get_by_text("已让 1 台设备退出登录")).to_be_visible()
    phone.go("/me")
    expect(phone.page.get_by_role("heading", name="登录")).to_be_visible()
    phone.shoot("sign-in")
    assert desk.errors == phone.errors == []
