"""Practice of every kind of question on a phone, and the manager's way from a weak point into a new plan, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.product import chromium_browser, product
from tests.screens import Screen
from tests.web import Web

PREPARE = """
import django; django.setup()
import json
from uuid import uuid4
from apps.exams import api as exams
from apps.people import api as people
from infra.kit import clock
from infra.wiring import devdata
from tenants.scope import enterprise_scope
from tests.apps.exams.mistakes import items
from tests.apps.plans import ground
from tests.tenants.ground import open_for_test

site, at = open_for_test("mistakes"), clock.now()
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13800000000", password="Ke-kao-2026", at=at)
    version = ground.make_course("AQ-CY-M1", title="用电安全基础：停电、验电、挂牌")
    ground.requirement()
    who = [
        people.add_learner(
            name=devdata._name(n), id_number=devdata._resident_id(n), mobile=devdata._mobile(n), at=at, password="Ke-kao-2026",
            unit_path=devdata.UNITS[n % 4],
        )
        for n in range(1, 13)
    ]
    kinds = [items.item(kind, key=n, topic="题目-AQ-CY-M1") for n, kind in enumerate(items.STEMS, 1)]
    others = [items.item("judge", key=20 + n, points=[point]) for n, point in enumerate(("有限空间", "动火作业", "挂牌上锁"))]
    for n, view in enumerate(who):
        asked = [{**one, "no": no} for no, one in enumerate([*kinds, *others], 1)]
        said = [items.right(one) if n and (n * one["no"]) % 3 == 0 else items.wrong(one) for one in asked]
        exams.collect(learner_id=view.id, source="exam", ref=uuid4(), answers=said, at=at)
print(json.dumps({"host": site.host, "mobile": devdata._mobile(1), "version": version}))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


def sort(page: Page, texts: list[str]) -> None:
    """Bring steps into an order by their buttons alone."""
    for place, text in enumerate(texts):
        while page.locator(".mk-step").nth(place).locator(".ax-list-main").inner_text() != text:
            page.get_by_role("button", name=f"上移：{text}").click()


def reply(page: Page) -> str:
    """Answer the question on the screen rightly; returns its kind."""
    kind = page.locator("[data-kind]").get_attribute("data-kind") or ""
    match kind:
        case "order":
            sort(page, ["通风", "检测", "进入"])
        case "blank":
            page.get_by_label("第 1 空").fill("事故隐患")
            page.get_by_label("第 2 空").fill("３０")
        case "text":
            page.get_by_label("您的答案").fill("违章指挥、违章作业、违反劳动纪律")
        case "multiple":
            page.get_by_label("焊接").check()
            page.get_by_label("高处作业").check()
        case _:
            page.get_by_label("验电" if kind == "single" else "错误").check()
    return kind


@pytest.mark.req("R2.8")
def test_a_learner_practises_every_kind_of_question_on_a_phone(stage: Any, browser: Browser) -> None:
    web, known = stage
    me = Screen(browser, web, known["host"], "phone")
    me.sign_in(known["mobile"], "/learn")
    page = me.page
    expect(page.get_by_role("heading", name="今天该练的错题")).to_be_visible()
    me.shoot("mistakes-home")
    page.get_by_role("link", name="打开错题本").click()
    expect(page.get_by_role("heading", name="今天该练 9 道")).to_be_visible()
    me.shoot("mistakes-book")
    page.get_by_role("button", name="练习用电").click()
    seen = set()
    for _question in range(6):
        kind = reply(page)
        seen.add(kind)
        me.shoot(f"practice-{kind}")
        page.get_by_role("button", name="提交答案").click()
        if kind == "text":
            expect(page.get_by_text("对照参考答案，自己判断一下")).to_be_visible()
            me.shoot("practice-text-model")
            page.get_by_role("button", name="我答对了").click()
        expect(page.get_by_text("答对了", exact=True).first).to_be_visible()
        expect(page.get_by_text("《安全生产法》第五十七条")).to_be_visible()
        me.shoot(f"practice-{kind}-answered")
        page.get_by_role("link", name="下一题").or_(page.get_by_role("link", name="看练习结果")).click()
    assert seen == {"single", "multiple", "judge", "blank", "order", "text"}
    expect(page.get_by_role("heading", name="全部答对")).to_be_visible()
    me.shoot("practice-done")
    assert me.errors == []


@pytest.mark.req("R2.9")
def test_a_manager_goes_from_a_weak_point_into_a_new_plan(stage: Any, browser: Browser) -> None:
    web, known = stage
    me = Screen(browser, web, known["host"], "desktop")
    me.sign_in("13800000000", "/console")
    page = me.page
    page.get_by_role("link", name="薄弱知识点").first.click()
    expect(page.locator(".wk-chart canvas")).to_be_visible()
    me.shoot("weak-points")
    page.get_by_role("link", name="用电", exact=True).click()
    expect(page.get_by_role("heading", name="对症的课程")).to_be_visible()
    me.shoot("weak-point")
    page.get_by_role("button", name="用选中的课程新建计划").click()
    page.wait_for_url("**/console/plans/new?*")
    assert page.locator("#id_title").input_value() == "用电强化培训"
    page.locator("#laws input[type=radio]").first.check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("用电安全基础：停电、验电、挂牌")).to_be_checked()
    assert me.errors == []
