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


def sign_in_elsewhere(screen, mobile, home):
    """Sign in in another tab of the same browser, whose session was over."""
    screen.context.clear_cookies(name="sessionid")
    tab = screen.context.new_page()
    tab.goto(f"{screen.origin}/sign-in")
    tab.fill("#id_password", PASSWORD)
    tab.fill("#id_mobile", mobile)
    tab.get_by_role("button", name="登录", exact=True).click()
    tab.wait_for_url(f"{screen.origin}{home}")


@pytest.mark.parametrize(("path", "field", "button"), [("plans/new", "title", "下一步"), ("people/add", "name", "保存")])
def test_a_page_does_not_act_for_who_signed_in_in_another_tab(screen, path, field, button):
    page, sent = screen.page, []
    screen.go(f"/console/{path}")
    page.fill(f'[name="{field}"]', "学员丙")
    sign_in_elsewhere(screen, OTHER, "/learn")
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("main form").get_by_role("button", name=button).first.click()
    expect(page.get_by_text("现在登录的是另一个人")).to_be_visible()
    expect(page.locator(f'[name="{field}"]')).to_have_value("学员丙")
    assert sent == []


def test_who_signed_in_again_in_another_tab_goes_on(screen):
    page = screen.page
    screen.go("/console/people/add")
    page.fill('[name="name"]', "学员丙")
    sign_in_elsewhere(screen, OWNER, "/console")
    page.locator("main form").get_by_role("button", name="保存").first.click()
    expect(page.locator(".is-invalid").first).to_be_visible()
    expect(page.locator('[name="name"]')).to_have_value("学员丙")


def test_a_second_end_of_a_session_is_asked_about_again(screen):
    page = screen.page
    screen.go("/console/plans/new")
    for _ in range(2):
        screen.context.clear_cookies(name="sessionid")
        page.evaluate("document.dispatchEvent(new CustomEvent('ax:signed-out', {detail: {isPoll: true}}))")
        enter(screen, OWNER)
        expect(page.locator("#signed-out")).to_be_hidden()
