"""The overview and inspection mode in a real browser: from signing in down to one person, and what an inspector opens without an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.product import chromium_browser, product, run
from tests.screens import Screen
from tests.web import Web

PREPARE = """
import django; django.setup()
import json
from datetime import timedelta
from uuid import uuid4
from apps.exams.models import Attempt
from apps.learning.models import StudySession, Void
from apps.people import api as people
from apps.people.models import Qualification
from apps.plans.models import Assignment, TrainingPlan
from infra.kit import clock
from infra.wiring import devdata
from tenants.scope import enterprise_scope
from tests.tenants.ground import open_for_test

site, fresh, at, hour = open_for_test("board"), open_for_test("fresh"), clock.now(), 2_700_000
today = clock.shanghai_date(at)
with enterprise_scope(fresh):
    people.open_owner(name="安全员", mobile="13800000000", password="Ke-kao-2026", at=at)
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13800000000", password="Ke-kao-2026", at=at)
    who = [
        people.add_learner(
            name=devdata._name(n), id_number=devdata._resident_id(n), mobile=devdata._mobile(n), at=at,
            unit_path=(*devdata.UNITS, "设备保障与特种设备维护检修中心/起重机械班")[n % 5], position="操作工", employment="OWN",
        )
        for n in range(1, 31)
    ]
    for k, (title, due) in enumerate((("年度再培训（机械加工与特种设备作业人员）", -3), ("新员工三级安全教育", 5), ("有限空间专项", 60))):
        plan = TrainingPlan.objects.create(
            title=title, requirement_id=1, requirement_code="CY-GEN", requirement_title="从业人员", stage="ANNUAL", hours_bound=True,
            basis="国家安全监管总局令第3号第十三条", legal_hours=8, required_ms=8 * hour, due_on=today + timedelta(days=due), opened_by="安全员",
            opened_at=at - timedelta(days=60),
        )
        for n, view in enumerate(who):
            Assignment.objects.create(plan=plan, learner_id=view.id, assigned_at=at, earned_ms=(n * 37 + k * 11) % 9 * hour, exam_score=None)
    for n, view in enumerate(who):
        duty = Assignment.objects.filter(learner=view.id).first()
        for day in range(n % 4, 28, 3):
            begun = at - timedelta(days=day)
            row = StudySession.objects.create(
                learner_id=view.id, assignment_id=duty.pk, terminal=uuid4().hex, opened_at=begun, closed_at=begun, close_reason="left", last_at=begun + timedelta(hours=1),
                playing_ms=hour, credited_ms=hour, confirmed_ms=hour * (1 + day % 5) // 5, score=(n * day) % 90, person_key=view.person_key,
                courseware_id=1, version_id=1, course_code="A", course_title="课", version_no=1, courseware_title="节", media=uuid4(),
                duration_ms=hour, ip="10.0.0.1", nonce="n", key=b"", next_in=15,
            )
        if n % 3 == 0:
            code = ("interaction_timeout", "identity_failed", "hidden")[n % 2]
            Void.objects.create(learner_id=view.id, session=row, spans=((0, 60_000),), ms=600_000, code=code, at=at - timedelta(days=2))
        Attempt.objects.create(
            assignment=duty, learner_id=view.id, number=1, paper=[], pass_score=80, started_at=at - timedelta(minutes=9), due_at=at,
            submitted_at=at, score=45 + n * 13 % 56, passed=45 + n * 13 % 56 >= 80,
        )
    Qualification.objects.create(learner_id=who[0].id, kind="WELDING", expires_on=today - timedelta(days=9))
print(json.dumps({"host": site.host, "fresh": fresh.host}))
"""
BUILD = """
import django; django.setup()
from apps.plans.inspection import building
from apps.plans.models import InspectionPackage
from infra.kit import clock
from tenants import sites
from tenants.scope import enterprise_scope
with enterprise_scope(sites.resolve(sites.host_of("board"))):
    print(building.build(InspectionPackage.objects.get().uuid, at=clock.now()).state)
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, str], dict[str, str]]]:
    with product(PREPARE) as served:
        yield served.web, served.known, served.environment


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


@pytest.mark.req("R2.9")
def test_the_overview_leads_from_a_sentence_to_one_person(stage: Any, browser: Browser) -> None:
    web, known, _environment = stage
    new = Screen(browser, web, known["fresh"])
    new.sign_in("13800000000", "/console")
    new.page.get_by_role("button", name="先用示例数据看看").click()
    expect(new.page.get_by_role("button", name="移除示例数据")).to_be_visible()
    new.shoot("first-steps-samples")
    new.page.get_by_role("button", name="移除示例数据").click()
    new.page.get_by_role("button", name="移除示例", exact=True).click()
    expect(new.page.get_by_text("示例数据已全部移除")).to_be_visible()
    me = Screen(browser, web, known["host"])
    me.sign_in("13800000000", "/console")
    page = me.page
    expect(page.get_by_text("不达标：有")).to_be_visible()
    me.shoot("overview", "canvas")
    toggle = page.get_by_role("button", name="看表格").first
    toggle.focus()
    toggle.press("Enter")
    expect(page.get_by_role("table", name="每日学时")).to_be_visible()
    page.locator(".db-heat").get_by_role("link", name="生产部").first.click()
    page.wait_for_url("**unit=*")
    expect(page.locator(".db-heat").get_by_role("rowheader", name="一车间")).to_be_visible()
    page.locator(".db-heat tbody tr").first.locator("td a").first.click()
    expect(page.get_by_role("heading", name="学员进度")).to_be_visible()
    me.shoot("progress")
    page.locator("tbody td a").first.click()
    expect(page.get_by_role("heading", name="的档案")).to_be_visible()
    assert (me.errors, new.errors) == ([], [])


@pytest.mark.req("R2.9")
def test_an_inspector_opens_the_link_in_a_fresh_browser_until_it_is_taken_back(stage: Any, browser: Browser) -> None:
    web, known, environment = stage
    me = Screen(browser, web, known["host"])
    me.sign_in("13800000000", "/console")
    page = me.page
    page.get_by_role("link", name="迎检模式").first.click()
    me.shoot("inspection")
    page.fill("#id_purpose", "区应急管理局检查")
    page.get_by_role("button", name="一键生成").click()
    url = page.locator("#inspection-url").input_value()
    me.shoot("inspection-made")
    page.get_by_role("link", name="查看材料包进度").click()
    me.shoot("inspection-package-waiting")
    assert run(environment, "-c", BUILD).strip().endswith("DONE")
    expect(page.get_by_text("材料包已生成")).to_be_visible()
    me.shoot("inspection-package")
    they = Screen(browser, web, known["host"])
    they.page.goto(url)
    they.page.wait_for_url("**/inspect")
    expect(they.page.get_by_role("link", name="下载材料包")).to_be_visible()
    they.shoot("inspect-overview")
    they.page.get_by_role("link", name="新员工三级安全教育").click()
    they.shoot("inspect-plan")
    they.page.get_by_role("link", name="名册").click()
    they.shoot("inspect-roster")
    page.goto(f"{me.origin}/console/inspection")
    page.get_by_role("link", name="区应急管理局检查").click()
    expect(page.get_by_role("cell", name="打开链接")).to_be_visible()
    me.shoot("inspection-link")
    page.get_by_role("button", name="收回链接").click()
    page.get_by_role("button", name="收回", exact=True).click()
    expect(page.get_by_text("已收回")).to_be_visible()
    they.page.reload()
    expect(they.page.get_by_text("打不开这个链接").first).to_be_visible()
    they.shoot("inspect-closed")
    assert me.errors == []
    assert [error for error in they.errors if "410" not in error] == []
