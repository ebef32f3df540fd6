"""In a real browser: one question answered by the common questions, one handed over and answered by whoever is on duty."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from tests.product import Served, chromium_browser, product
from tests.screens import PASSWORD as LEARNERS
from tests.screens import Screen

SECRET, PASSWORD = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "Sao-chu-ying-1"
PREPARE = f"""
import django; django.setup()
import json
from datetime import timedelta
from django.conf import settings
from apps.people import api as people
from infra.kit import clock
from public.helpdesk import roster
from public.helpdesk.diary import Desk
from public.operators import api as operators
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import resident_id
from tests.tenants.ground import open_for_test

at = clock.now()
site = open_for_test("bangzhu")
with platform_scope():
    for login, name in (("yunying", "运营甲"), ("yunying2", "运营乙")):
        operators.open_operator(login=login, name=name, password={PASSWORD!r}, role="OPERATIONS", at=at, totp_secret={SECRET!r})
    first, second = operators.colleagues("OPERATIONS")
    roster.arrange(person=first.credential_id, starts_at=at - timedelta(hours=1), hours=8, days=3, desk=Desk(first, at, "127.0.0.1"))
    roster.arrange(person=second.credential_id, starts_at=at + timedelta(hours=7), hours=8, days=3, desk=Desk(first, at, "127.0.0.1"))
with enterprise_scope(site):
    people.add_learner(name="学员甲", id_number=resident_id(7), mobile="13800000007", role="CY", at=at, password={LEARNERS!r})
print(json.dumps({{"host": site.host, "platform": settings.PLATFORM_HOST}}))
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


class Asker(Screen):
    """A learner with a phone."""

    prefix = "help-"


class Operator(Screen):
    """Whoever is on duty."""

    prefix = "help-desk-"

    def enter(self) -> None:
        """Pass both steps of signing in."""
        self.go("/desk/sign-in?next=/desk/help")
        self.page.fill("#id_login", "yunying")
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/desk/code")
        self.page.fill("#id_code", pyotp.TOTP(SECRET).now())
        self.page.wait_for_url("**/desk/help")


@pytest.mark.req("R6.1.2")
@pytest.mark.req("R6.1.3")
def test_one_question_is_answered_at_once_and_one_by_whoever_is_on_duty(served, browser):
    asker = Asker(browser, served.web, served.known["host"], "phone")
    desk = Operator(browser, served.web, served.known["platform"])
    asker.sign_in("13800000007", "/learn")
    asker.page.get_by_role("link", name="帮助", exact=True).click()
    asker.shoot("home", "text=大家常问")
    asker.page.fill("#help-q", "学完了怎么没有学时")
    asker.page.get_by_role("button", name="提问", exact=True).click()
    expect(asker.page.get_by_role("heading", name="学完了为什么没有学时？")).to_be_visible()
    asker.shoot("answer", "text=来源：")
    asker.page.get_by_role("button", name="有", exact=True).click()
    expect(asker.page.get_by_text("谢谢，已记下。")).to_be_visible()

    asker.page.fill("#help-q", "叉车充电桩冒烟找谁报修")
    asker.page.get_by_role("button", name="提问", exact=True).click()
    expect(asker.page.get_by_text("这个问题我还不知道答案")).to_be_visible()
    asker.shoot("unknown")
    asker.page.locator("#help-answer").get_by_role("button", name="转人工客服").first.click()
    expect(asker.page.locator("#id_title")).to_have_value("叉车充电桩冒烟找谁报修")
    asker.page.fill("#id_text", "仓库的充电桩充电时冒烟，学习页面也打不开了。")
    asker.shoot("new")
    asker.page.get_by_role("button", name="提交", exact=True).click()
    asker.page.wait_for_url("**/help/tickets/*-*")
    asker.shoot("ticket", "text=最晚首次答复")
    place = asker.page.url

    desk.enter()
    desk.shoot("list", "text=叉车充电桩冒烟")
    desk.page.get_by_role("link", name="叉车充电桩冒烟找谁报修").click()
    desk.page.select_option("#id_answer-canned", label="故障已修复")
    expect(desk.page.locator("#id_answer-text")).to_have_value(
        "您好，这是我们的故障，已经修复，请刷新页面再试。给您带来不便，非常抱歉。如果还有问题，请在本页点“还没解决”。"
    )
    desk.shoot("ticket")
    desk.page.get_by_role("button", name="发出答复").click()
    expect(desk.page.get_by_role("link", name="写成常见问题")).to_be_visible()

    asker.page.goto(place)
    expect(asker.page.get_by_text("这是我们的故障").first).to_be_visible()
    asker.shoot("answered")
    asker.page.get_by_label("很满意", exact=True).check()
    asker.page.get_by_role("button", name="提交评价").click()
    expect(asker.page.get_by_text("您的评价：5 分")).to_be_visible()
    for name, path in (("duty", "/desk/help/duty"), ("gaps", "/desk/faq/gaps"), ("faq", "/desk/faq")):
        desk.go(path)
        desk.shoot(name)
    assert asker.errors + desk.errors == []
