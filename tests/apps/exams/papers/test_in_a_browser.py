"""Papers in a real browser: rows with what they can draw while one types, a fixed paper, the sample, and a plan that takes one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.product import chromium_browser, product
from tests.web import ROOT, Web

SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
PASSWORD = "Shi-juan-2026"  # of a house that lives as long as the test
PREPARE = """
import django; django.setup()
import json
from infra.kit import clock
from apps.people import api as people
from tenants.scope import enterprise_scope
from tests.apps.exams.papers import ground as papers
from tests.apps.plans import ground
from tests.tenants.ground import open_for_test

site, at = open_for_test("papers"), clock.now()
law = ground.requirement("INITIAL", hours=1, code="CY-GEN")
version = ground.make_course("AQ-CY-P1", title="有限空间作业安全", lessons=(ground.HOUR_MS,))
ground.make_questions("AQ-CY-P1")
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13800000000", password=PASSWORD, at=at)
    ground.learner(1)
    papers.fill(30)
    papers.fill(12, "multiple", difficulty=4)
    papers.fill(15, "judge", topic="消防安全")
    papers.fill(2, "case")
    papers.fill(3, "blank")
    papers.fill_own(6)
print(json.dumps({"host": site.host, "law": law, "version": version}))
""".replace("password=PASSWORD", f"password={PASSWORD!r}")


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


def shoot(page: Page, name: str) -> None:
    """Take a picture on both screens; a page wider than its screen is a failure."""
    folder = ROOT / "build/screens"
    folder.mkdir(parents=True, exist_ok=True)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.wait_for_timeout(150)
        page.screenshot(path=folder / f"papers-{name}-{size}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide}px wider than the {size} screen"


@pytest.mark.req("R2.8")
def test_a_manager_makes_papers_and_a_plan_takes_one(stage: tuple[Web, dict[str, Any]]) -> None:
    web, known = stage
    with chromium_browser() as browser:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES["desktop"])  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        page, errors = context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))

        def go(path: str) -> None:
            page.goto(f"http://{known['host']}:{web.port}{path}")

        go("/sign-in")
        page.get_by_label("手机号").fill("13800000000")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/console")
        go("/console/exams/papers")
        page.get_by_role("link", name=re.compile("做第一份试卷|新建抽题试卷")).first.click()
        page.get_by_label("试卷名称").fill("新员工三级安全教育考试")
        counts = page.get_by_label(re.compile("第 . 行抽几题"))
        expect(page.locator("#have-0")).to_have_text(re.compile("题"))
        counts.nth(1).fill("15")
        expect(page.locator("#paper-total")).to_contain_text("要抽 15 题，题库里符合条件的只有 12 题")
        page.get_by_label("第 2 行抽几题").fill("10")
        expect(page.locator("#paper-total")).not_to_contain_text("只有")
        page.get_by_role("button", name="添加一行").click()
        page.get_by_label("第 4 行题型").select_option("case")
        page.get_by_label("第 4 行抽几题").fill("2")
        page.get_by_label("第 4 行每题分值").fill("5")
        expect(page.locator("#have-3")).to_have_text("2 题")
        shoot(page, "rows")
        page.get_by_role("button", name="保存试卷").click()
        expect(page.get_by_text("试卷已保存")).to_be_visible()
        shoot(page, "paper")
        page.get_by_role("link", name="看样卷").click()
        page.get_by_role("link", name="看答案").click()
        shoot(page, "sample")

        go("/console/exams/papers/new?mode=FIXED")
        page.get_by_label("试卷名称").fill("班前抽查")
        page.get_by_label("知识主题").select_option("消防安全")
        expect(page.locator("[name=pick]")).to_have_count(15)
        for n in range(3):
            page.locator("[name=pick]").nth(n).check()
        page.get_by_role("button", name="加入所选题目").click()
        expect(page.get_by_label("第 3 题分值")).to_have_value("2")
        expect(page.locator(".htmx-settling, .htmx-added, .htmx-request")).to_have_count(0)  # a script is faster than any hand
        page.get_by_label("第 3 题分值").fill("6")
        expect(page.locator("#paper-total")).to_contain_text("共 3 题，满分 10 分")
        shoot(page, "fixed")
        page.get_by_role("button", name="保存试卷").click()
        go("/console/exams/papers")
        expect(page.get_by_role("link", name="班前抽查")).to_be_visible()
        shoot(page, "list")

        go("/console/plans/new")
        page.get_by_label("计划名称").fill("有限空间专项培训")
        page.locator(f"[name=requirement_id][value='{known['law']}']").check()
        for step in ("courses", "who", "when"):
            page.get_by_role("button", name="下一步").click()
            expect(page.locator("[name=step]")).to_have_value(step)
            if step == "courses":
                page.locator(f"[name=version_ids][value='{known['version']}']").check()
        page.wait_for_load_state("networkidle")  # a script is faster than any hand
        page.get_by_label("试题从哪里来").select_option(label="试卷：班前抽查")
        expect(page.locator("#exam")).to_contain_text("共 3 题，满分 10 分")
        page.get_by_text("考试纪律：人脸核验").click()
        page.get_by_label("人脸核验").select_option("start")
        page.get_by_label("隔多久才能补考（小时）").fill("12")
        shoot(page, "plan")
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_text("没考过的，12 小时后才能补考")).to_be_visible()
        page.get_by_role("button", name="开启计划").click()
        page.wait_for_url(re.compile("/console/plans/[0-9a-f-]{36}"))
        page.get_by_text("计划内容：学时").click()
        expect(page.get_by_text("开考前核验人脸")).to_be_visible()
        assert errors == []
