"""Plans in a real browser, from sign-in on, on a desktop and a phone: template, proposal, rule, change, two managers, exemption."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.product import chromium_browser, product
from tests.web import ROOT, Web

SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
PASSWORD = "Anquan-peixun-2026"
PREPARE = """
import django; django.setup()
import json
from django.utils import timezone
from apps.people import api as people
from apps.people import managing
from apps.people.models import Manager
from apps.people.services import unit_of_path
from apps.plans import api as plans
from apps.plans.models import Assignment, TrainingPlan
from infra.kit import clock
from infra.wiring import devdata
from infra.wiring.celery import app
from public.catalogue.models import TrainingRequirement
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.tenants.ground import open_for_test

app.conf.task_always_eager = True
site, at = open_for_test("plansite"), clock.now()
law = ground.requirement("INITIAL", hours=3, code="CY-GEN")
with platform_scope():
    TrainingRequirement.objects.filter(pk=law).update(title="新从业人员三级安全教育", levels={"厂级": 1, "车间级": 1, "班组级": 1})
names = ["三级教育（厂级）", "三级教育（车间级）：机械加工车间的危险因素与劳动防护用品", "三级教育（班组级）", "消防安全基础", "消防安全基础（动画版）"]
for n, name in enumerate(names):
    ground.make_course(f"AQ-CY-W{n}", title=name, lessons=(ground.HOUR_MS,), trainer="教师甲" if n < 4 else "教师乙")
for n in range(5):
    ground.make_questions(f"AQ-CY-W{n}")
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13900000001", password=PASSWORD, at=at)
    owner = Manager.objects.get()
    other = managing.invite(name="培训管理员", mobile="13900000002", role="TRAINING", unit_id=None, by=owner.pk, at=at)
    other.credential.set_password(PASSWORD)
    other.credential.save()
    shop = unit_of_path("生产部/机械加工一车间")
    for n in range(1, 6):
        unit = shop if n < 4 else unit_of_path("仓储部")
        people.add_learner(name=devdata._name(n), id_number=devdata._resident_id(n), mobile=devdata._mobile(n), at=at, unit_id=unit.pk)
    course = ground.make_course("AQ-CY-W9", title="叉车安全")
    order = ground.order(version_ids=[course], requirement_id=ground.requirement(code="CY-W9"), exam_needed=False, title="叉车专项",
                         due_on=clock.shanghai_date(at).replace(year=at.year + 1))
    uuid = plans.open_plan(order=order, who=plans.Who("unit", shop.parent_id, keep=True), by="安全员", at=at)
    late = people.add_learner(name="学员后来", id_number=devdata._resident_id(40), mobile=devdata._mobile(40), at=at, unit_id=shop.pk)
    found = {"host": site.host, "plan": str(uuid), "late": Assignment.objects.filter(learner_id=late.id).count()}
print(json.dumps(found))
""".replace("password=PASSWORD", f"password={PASSWORD!r}").replace("set_password(PASSWORD)", f"set_password({PASSWORD!r})")


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


class Desk:
    """One manager before the served product, signed in by password."""

    def __init__(self, browser: Browser, web: Web, host: str, mobile: str) -> None:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZES["desktop"])  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        self.page: Page = context.new_page()
        self.web, self.host, self.errors = web, host, list[str]()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.go("/sign-in")
        self.page.get_by_label("手机号").fill(mobile)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url("**/console")

    def go(self, path: str) -> None:
        self.page.goto(f"http://{self.host}:{self.web.port}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def settled(self) -> None:
        """Wait until what was swapped in listens: a script is faster than any hand."""
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)

    def shoot(self, name: str) -> None:
        """Look at the page as it stands on both screens; wider than its screen is a failure."""
        folder = ROOT / "build/screens"
        folder.mkdir(parents=True, exist_ok=True)
        for size, pixels in SIZES.items():
            self.page.set_viewport_size(pixels)  # type: ignore[arg-type]
            self.page.screenshot(path=folder / f"plans-{name}-{size}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide}px wider than the {size} screen"


@pytest.fixture(scope="module")
def desks(stage: tuple[Web, dict[str, Any]]) -> Iterator[tuple[Desk, Desk]]:
    web, known = stage
    with chromium_browser() as browser:
        both = tuple(Desk(browser, web, known["host"], mobile) for mobile in ("13900000001", "13900000002"))
        yield both  # type: ignore[misc]
    assert [desk.errors for desk in both] == [[], []]


@pytest.mark.req("R2.9")
def test_a_three_level_induction_is_opened_from_the_law_with_proposed_courses_and_a_rule(stage, desks):
    desk, _other = desks
    assert stage[1]["late"] == 1, "a learner who came after the plan was not assigned by the rule"
    page = desk.page
    desk.go("/console/plans/new")
    page.get_by_label("培训谁").select_option("CY")
    page.get_by_label("什么培训").select_option("INITIAL")
    law = page.locator("#laws li", has_text="新从业人员三级安全教育")
    expect(law).to_have_count(1)
    page.locator('[name="title"]').fill("2026 年新员工三级安全教育")
    desk.settled()
    law.locator("label").click()
    desk.shoot("law")
    desk.press("下一步")
    page.get_by_label("分级开展").check()
    expect(page.get_by_text("车间级：已选")).to_be_visible()
    desk.shoot("proposal")
    desk.press("采用这套课程")
    expect(page.locator('#courses [name="version_ids"]:checked')).to_have_count(3)
    desk.shoot("courses")
    desk.press("下一步")
    page.get_by_text("一个部门（含下级）").click()
    expect(page.get_by_label("以后符合条件的人自动加入")).to_be_checked()
    desk.settled()
    page.locator("#unit_id").select_option(label="生产部")
    expect(page.get_by_text("共 4 名学员")).to_be_visible()
    desk.shoot("who")
    desk.press("下一步")
    page.get_by_label("按顺序学习").check()
    page.locator('[name="exam_questions"]').fill("5")
    desk.shoot("when")
    desk.press("下一步")
    expect(page.get_by_role("heading", name="核对后开启")).to_be_visible()
    desk.shoot("review")
    desk.press("开启计划")
    expect(page.get_by_text("3 个计划已开启")).to_be_visible()
    page.get_by_text("计划内容：学时、依据、课程、考试").click()
    desk.shoot("induction")


@pytest.mark.req("R2.9")
def test_a_running_plan_is_changed_with_its_effect_and_two_managers_do_not_overwrite_each_other(stage, desks):
    mine, theirs = desks
    url = f"/console/plans/{stage[1]['plan']}"
    for desk in desks:
        desk.page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
        desk.go(f"{url}/change")
    mine.shoot("change")
    mine.page.get_by_text("全部在册学员").click()
    expect(mine.page.get_by_text("共 6 名学员")).to_be_visible()
    mine.press("看看影响")
    expect(mine.page.get_by_text("新增 2 名学员")).to_be_visible()
    mine.page.get_by_label("确认全部 6 人").check()
    mine.shoot("effect")
    mine.press("确认修改")
    expect(mine.page.get_by_text("已修改。新增 2 名学员。")).to_be_visible()
    theirs.page.locator('[name="title"]').fill("叉车与场内机动车辆专项")
    theirs.press("看看影响")
    expect(theirs.page.get_by_text("与您打开时不同的地方")).to_be_visible()
    expect(theirs.page.locator('[name="title"]')).to_have_value("叉车与场内机动车辆专项")
    theirs.shoot("clash")
    theirs.press("看看影响")
    theirs.press("确认修改")
    expect(theirs.page.get_by_role("heading", name="叉车与场内机动车辆专项")).to_be_visible()
    theirs.shoot("changed")
    theirs.page.set_viewport_size(SIZES["desktop"])  # type: ignore[arg-type]
    theirs.page.get_by_role("link", name="免训").first.click()
    theirs.page.locator("[name=reason]").fill("已在集团总部完成同类培训，证明编号 AQ-2026-0012，在人事档案里。")
    theirs.shoot("exempt")
    theirs.press("提交申请")
    expect(theirs.page.get_by_text("等另一位管理员审批").first).to_be_visible()
    mine.go(f"{url}/exemptions")
    mine.shoot("exemptions")
    mine.press("批准")
    expect(mine.page.get_by_text("已批准", exact=True)).to_be_visible()
