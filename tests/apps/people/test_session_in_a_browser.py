"""A session that ends in the middle of a long form, in a real browser: nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.product import Served, chromium_browser, product
from tests.screens import PASSWORD, Screen

OWNER, OTHER = "13800009101", "13800009102"
PREPARE = f"""
import django; django.setup()
import json
from apps.people import api as people
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.tenants.ground import open_for_test

site, at = open_for_test("session"), clock.now()
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="{OWNER}", password="{PASSWORD}", at=at)
    people.add_learner(name="学员甲", id_number="330106199003070014", mobile="{OTHER}", password="{PASSWORD}", at=at)
print(json.dumps({{"host": site.host}}))
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture
def screen(served) -> Iterator[Screen]:
    with chromium_browser() as chromium:
        one = Screen(chromium, served.web, served.known["host"])
        one.quiet = True
        one.sign_in(OWNER, "/console")
        yield one


def type_in(screen):
    """Fill the form of a new learner, long enough ago that the page no longer takes the session for granted."""
    page = screen.page
    page.clock.install()
    screen.go("/console/people/add")
    page.fill('[name="name"]', "学员乙")
    page.fill('[name="id_number"]', "330203198511120024")
    page.fill('[name="mobile"]', "13800009103")
    screen.context.clear_cookies(name="sessionid")
    page.clock.fast_forward(120_000)


def enter(screen, mobile):
    dialog = screen.page.locator("#signed-out")
    expect(dialog).to_be_visible()
    dialog.locator('[name="mobile"]').fill(mobile)
    dialog.locator('[name="password"]').fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()


def test_a_form_waits_while_its_writer_signs_in_again(screen):
    page = screen.page
    type_in(screen)
    page.locator("main form").get_by_role("button", name="保存").first.click()
    expect(page.locator("#signed-out")).to_contain_text("填写的内容都还在")
    screen.shoot("session-ended", "#signed-out")
    enter(screen, OWNER)
    expect(page.get_by_text("已重新登录")).to_be_visible()
    expect(page.locator('[name="id_number"]')).to_have_value("330203198511120024")
    page.locator("main form").get_by_role("button", name="保存").first.click()
    page.wait_for_url("**/console/people**")
    screen.go("/console/people?q=学员乙")
    expect(page.get_by_text("学员乙", exact=True).first).to_be_visible()


def test_a_page_of_somebody_else_is_left(screen):
    type_in(screen)
    screen.page.locator("main form").get_by_role("button", name="保存").first.click()
    enter(screen, OTHER)
    screen.page.wait_for_url(f"{screen.origin}/learn")


def test_a_part_of_a_page_asks_to_sign_in_over_it(screen):
    page = screen.page
    screen.go("/console/plans/new")
    page.fill('[name="title"]', "年度再培训")
    screen.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="下一步").click()
    enter(screen, OWNER)
    expect(page.get_by_text("已重新登录")).to_be_visible()
    expect(page.locator('[name="title"]')).to_have_value("年度再培训")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("请先选择一个培训模板").first).to_be_visible()
