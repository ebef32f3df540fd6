"""The three administrators in a real browser: a change by two, the auditor who finds it, and a passkey of a virtual authenticator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.product import chromium_browser, product
from tests.public.desk import PASSWORD, now_code
from tests.screens import Screen
from tests.web import Web

PREPARE = """
import django; django.setup()
import json
from tenants.scope import platform_scope
from tests.public.desk import house

with platform_scope():
    people = house()
print(json.dumps({"author": people.author}))
"""
HOST = "anxue.localhost"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Officer(Screen):
    """Somebody at the desk, signed in by password and one-time code."""

    prefix = "admins-"

    def __init__(self, browser: Browser, web: Web, login: str) -> None:
        super().__init__(browser, web, HOST)
        self.login = login
        self.password()
        self.page.locator('[name="code"]').first.click()
        self.page.keyboard.type(now_code())
        self.page.wait_for_url(re.compile(r"/desk/$"))

    def password(self) -> None:
        self.go("/desk/sign-in")
        self.page.fill('[name="login"]', self.login)
        self.page.fill('[name="password"]', PASSWORD)
        self.page.get_by_role("button", name="下一步").click()
        self.page.wait_for_url(re.compile("/desk/code"))


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


@pytest.mark.req("R5.7", "R5.4")
def test_a_change_by_two_and_the_auditor_who_finds_it(stage, browser):
    web, known = stage
    system = Officer(browser, web, "system")
    system.go("/desk/people")
    system.shoot("people", "tbody tr")
    system.go("/desk/people/new")
    system.shoot("person-new")
    system.go(f"/desk/people/{known['author']}")
    system.shoot("person")
    form = system.page.locator('form[action$="/ask/ROLE"]')
    form.locator("select").select_option("REVIEWER")
    form.locator("textarea").fill("转岗到课程审核")
    form.get_by_role("button", name="提交申请").click()
    expect(system.page.get_by_role("button", name="撤回申请")).to_be_visible()
    system.shoot("change-waiting")
    security = Officer(browser, web, "security")
    security.shoot("home")
    security.go("/desk/policies")
    security.shoot("policies")
    security.go("/desk/changes")
    security.shoot("changes", "tbody tr")
    security.page.locator("tbody a").first.click()
    security.page.locator("#id_reason").fill("已与本人核对")
    security.shoot("change")
    security.page.get_by_role("button", name="批准", exact=True).click()
    expect(security.page.get_by_text("已批准").first).to_be_visible()
    security.shoot("change-done")
    auditor = Officer(browser, web, "audit")
    auditor.go("/desk/audit")
    auditor.shoot("audit", "tbody tr")
    auditor.page.get_by_role("link", name="批准权限变更").first.click()
    expect(auditor.page.get_by_text("前后对比")).to_be_visible()
    auditor.shoot("audit-event")
    auditor.go("/desk/audit/exchanges")
    auditor.shoot("exchanges")
    assert system.errors == security.errors == auditor.errors == []


@pytest.mark.req("R5.7")
def test_a_passkey_is_bound_and_lets_in(stage, browser):
    web, _known = stage
    me = Officer(browser, web, "operations")
    link = me.context.new_cdp_session(me.page)
    link.send("WebAuthn.enable")
    link.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    me.go("/desk/security")
    me.shoot("security-empty")
    me.page.fill("#passkey-name", "蓝色钥匙")
    me.page.get_by_role("button", name="绑定通行密钥").click()
    expect(me.page.get_by_text("蓝色钥匙")).to_be_visible()
    me.shoot("security")
    me.context.clear_cookies()
    me.password()
    me.shoot("passkey")
    me.page.get_by_role("button", name="使用通行密钥").click()
    me.page.wait_for_url(re.compile(r"/desk/$"))
    assert me.errors == []
