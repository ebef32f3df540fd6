"""A complaint from filing to satisfaction in a real browser: the complainant on a phone, operations at a desk, the clock moved between."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from tests.product import Served, chromium_browser, product, run
from tests.screens import Screen

SECRET, PASSWORD = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "Sao-chu-ying-1"
PREPARE = f"""
import django; django.setup()
import json
from django.conf import settings
from infra.kit import clock
from public.operators import api as operators
from tenants.scope import platform_scope
from tests.tenants.ground import open_for_test

site = open_for_test("tousu")
with platform_scope():
    for login, name in (("yunying", "运营甲"), ("yunying2", "运营乙")):
        operators.open_operator(login=login, name=name, password={PASSWORD!r}, role="OPERATIONS", at=clock.now(), totp_secret={SECRET!r})
print(json.dumps({{"host": site.host, "platform": settings.PLATFORM_HOST}}))
"""
WATCH = """
import django; django.setup()
import json
import time_machine
from datetime import timedelta
from infra.kit import clock
from public.complaints import tasks
from tenants.scope import platform_scope

filed, told = clock.now(), []
for hours in {hours}:
    with platform_scope(), time_machine.travel(filed + timedelta(hours=hours)):
        told.append(tasks.watch())
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


def watch(served: Served, *hours: int) -> list[int]:
    """Let the schedule ring with the clock moved on by so many hours; return how many complaints came to another stage each time."""
    told: list[int] = json.loads(run(served.environment, "-c", WATCH.format(hours=hours)).splitlines()[-1])
    return told


class Operator(Screen):
    """Somebody of operations."""

    prefix = "complaints-desk-"

    def enter(self) -> None:
        """Pass both steps of signing in."""
        self.go("/desk/sign-in?next=/desk/complaints")
        self.page.fill("#id_login", "yunying")
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/desk/code")
        self.page.fill("#id_code", pyotp.TOTP(SECRET).now())  # the sixth digit sends it
        self.page.wait_for_url("**/desk/complaints")


class Complainant(Screen):
    """Somebody with a phone and no account."""

    prefix = "complaints-"


@pytest.mark.req("R6.1.6")
@pytest.mark.req("R6.1.5")
def test_a_complaint_from_filing_to_satisfaction_with_the_clock_moved_on(served, browser):
    person = Complainant(browser, served.web, served.known["host"], "phone")
    desk = Operator(browser, served.web, served.known["platform"])
    person.go("/supervision")
    person.shoot("supervision", "text=承诺时限")
    person.page.get_by_role("link", name="提交投诉").first.click()
    person.page.get_by_label("故障（不能学习或考试）").check()
    person.page.fill("#id_title", "课程一直转圈，不能播放")
    person.page.fill("#id_text", "今天上午打开班组安全第一课一直转圈，换了网络和手机都一样，明天就到期了。")
    person.page.fill("#id_mobile", "13800000001")
    person.page.get_by_role("button", name="提交投诉").click()
    person.page.wait_for_url("**/complaints/case")
    person.shoot("receipt", "text=请记下编号和查询码")
    number, code = (person.page.locator(one).inner_text() for one in ("[data-number]", "[data-code]"))

    assert watch(served, 11, 13, 20, 25) == [0, 1, 1, 1]
    desk.enter()
    desk.shoot("list", "text=课程一直转圈")
    desk.page.get_by_role("link", name="课程一直转圈，不能播放").click()
    expect(desk.page.get_by_text("已超过办结期限").first).to_be_visible()
    desk.shoot("case")
    desk.page.fill("#id_accept-reply", "已受理，技术人员正在检查这门课的播放。")
    desk.page.get_by_role("button", name="受理并答复").click()
    desk.page.get_by_label("属实，已处理", exact=True).check()
    desk.page.fill("#id_decide-reason", "播放服务器一处故障，已修复；您的学习期限已请企业延长三天。")
    desk.page.get_by_role("button", name="办结", exact=True).click()
    desk.page.locator("dialog[open]").get_by_role("button").last.click()
    expect(desk.page.get_by_text("还没有评价")).to_be_visible()

    other = Complainant(browser, served.web, served.known["host"], "phone")
    other.go("/complaints/track")
    other.page.fill("#id_number", number)
    other.page.fill("#id_code", code)
    other.page.get_by_role("button", name="查询", exact=True).click()
    expect(other.page.get_by_text("播放服务器一处故障").first).to_be_visible()
    other.shoot("decided")
    other.page.get_by_label("很满意", exact=True).check()
    other.page.get_by_role("button", name="提交评价").click()
    expect(other.page.get_by_text("您的评价：5 分")).to_be_visible()
    assert person.errors + desk.errors + other.errors == []
