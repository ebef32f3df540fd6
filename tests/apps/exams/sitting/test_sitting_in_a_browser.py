"""Sitting an exam in a real browser: every kind of question, a lost network, a second device, leaving, and the warning before the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.product import chromium_browser, product
from tests.web import ROOT, Web

SIZES = {"phone": {"width": 360, "height": 780}, "desktop": {"width": 1440, "height": 900}}
PREPARE = """
import django; django.setup()
import json
from django.test import Client
from apps.exams.models import Attempt
from apps.people import api as people
from apps.people.models import Learner
from apps.plans import api as plans
from apps.plans.models import TrainingPlan
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground
from tests.tenants.ground import open_for_test

at = clock.now()
PLAIN = {"media": [], "options": [], "case": None, "explanation": "先断电，再验电，然后施救。", "basis": "《中华人民共和国安全生产法》第五十七条",
         "topic": "电气安全", "points": [], "bank": "own", "code": "Q", "score": 10}
STEPS = ("佩戴绝缘手套，站在干燥的绝缘垫上", "切断电源并挂上“有人工作，禁止合闸”标志牌", "用验电器逐相验电，确认没有电压", "装设接地线")
OPTIONS = [{"key": key, "text": text} for key, text in zip("ABCD", STEPS)]
CASE = {"of": 2, "media": [], "stem": "某机械厂维修工在未办理作业票的情况下打开配电箱检修，一名同事不知情合闸送电，维修工右手触电。\\n现场两名员工见状，一人徒手去拉，一人跑去拉闸。"}
PAPER = [
    {**PLAIN, "no": 1, "kind": "single", "stem": "发现有人触电，首先应当怎样做？", "options": OPTIONS, "answer": ["B"]},
    {**PLAIN, "no": 2, "kind": "multiple", "stem": "停电检修作业中，下列哪些是必须做的？（多选）", "options": OPTIONS, "answer": ["A", "B", "C", "D"]},
    {**PLAIN, "no": 3, "kind": "judge", "stem": "湿手可以操作低压开关。", "options": [{"key": "A", "text": "正确"}, {"key": "B", "text": "错误"}], "answer": ["B"]},
    {**PLAIN, "no": 4, "kind": "blank", "stem": "灭火时应站在____风向，对准火焰____喷射。", "answer": [["上"], ["根部"]]},
    {**PLAIN, "no": 5, "kind": "order", "stem": "请把停电检修的步骤按先后排好。", "options": OPTIONS, "answer": ["B", "C", "D", "A"]},
    {**PLAIN, "no": 6, "kind": "single", "stem": "徒手去拉的员工违反了什么？", "options": OPTIONS, "answer": ["A"], "case": {**CASE, "no": 1}},
    {**PLAIN, "no": 7, "kind": "text", "stem": "请写出您会怎样处置，并说明理由。", "answer": ["切断电源……"], "case": {**CASE, "no": 2}},
]

def duty(n, policy):
    who = ground.learner(n)
    course = courses.setdefault("id", None) or courses.update(id=ground.make_course("AQ-CY-S1")) or courses["id"]
    plan = ground.open_plan(plans.Who("picked", learner_ids=[who.id]), version_ids=[course], requirement_id=law, exam_tries=3,
                            title="电气作业人员年度再培训", due_on=(at + __import__("datetime").timedelta(days=30)).date())
    TrainingPlan.objects.filter(uuid=plan).update(exam_policy=policy)
    (view,) = plans.assignments_of(who.id)
    ground.learn_all(view)
    cookies = []
    for _device in range(2):
        browser = Client(headers={"host": site.host})
        browser.force_login(Learner.objects.get(pk=who.id).credential)
        for _visit in range(2):
            browser.get(f"/learn/{view.uuid}/exam")
        cookies.append({key: one.value for key, one in browser.cookies.items()})
    return {"path": f"/learn/{view.uuid}/exam", "plan": str(plan), "cookies": cookies, "view": view}

courses = {}
site = open_for_test("sitting")
with enterprise_scope(site):
    law = ground.requirement(code="CY-SIT")
    ground.make_questions("AQ-CY-S1")
    known = [duty(1, {"leave_limit": 3}), duty(2, {"leave_limit": 1, "leave_action": "submit", "face": "start"})]
    from apps.exams.api import start
    for one in known:
        view = one.pop("view")
        start(assignment_uuid=view.uuid, learner_id=view.learner_id, at=at)
    Attempt.objects.update(paper=PAPER)
    owner = people.open_owner(name="安全员", mobile="13800000099", password=None, at=at)
    browser = Client(headers={"host": site.host})
    browser.force_login(owner)
    manager = {key: one.value for key, one in browser.cookies.items()}
print(json.dumps({"host": site.host, "duties": known, "manager": manager}))
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Any]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with chromium_browser() as browser:
        yield browser


def come_in(chrome: Browser, served: Any, cookies: dict[str, str], size: str) -> Page:
    context = chrome.new_context(viewport=SIZES[size], locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=size == "phone")  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    context.add_cookies(
        [{"name": name, "value": value, "url": address(served.web, served.known["host"])} for name, value in cookies.items()]
    )
    return context.new_page()


def address(web: Web, host: str, path: str = "") -> str:
    return f"http://{host}:{web.port}{path}"


def shoot(page: Page, name: str, size: str) -> None:
    folder = ROOT / "build/screens"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"sitting-{name}-{size}.png")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide}px wider than the {size} screen"


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text("✓ 已保存")


@pytest.mark.req("R2.8")
def test_every_kind_is_answered_through_a_lost_network_and_finished_on_another_device(chrome, served):
    web, duty = served.web, served.known["duties"][0]
    phone = come_in(chrome, served, duty["cookies"][0], "phone")
    phone.goto(address(web, served.known["host"], duty["path"]))
    expect(phone.get_by_text("第 1 题，共 7 题")).to_be_visible()
    shoot(phone, "single", "phone")
    phone.locator("label.exam-option:visible").nth(1).click()
    saved(phone)

    phone.context.set_offline(True)
    phone.locator("[data-next]").click()
    for n in (0, 2):
        phone.locator("label.exam-option:visible").nth(n).click()
    expect(phone.locator("[data-saved]")).to_contain_text("断网")
    shoot(phone, "offline", "phone")
    phone.context.set_offline(False)
    saved(phone)

    phone.locator("[data-next]").click()
    phone.keyboard.press("b")
    phone.keyboard.press("ArrowRight")
    phone.locator("[data-gap]:visible").first.fill("上")
    saved(phone)
    shoot(phone, "blank", "phone")
    phone.locator("[data-next]").click()
    for n in (1, 2, 3, 0):
        phone.locator("[data-place]:visible").nth(n).click()
    saved(phone)
    shoot(phone, "order", "phone")
    phone.locator("[data-next]").click()
    shoot(phone, "case", "phone")
    phone.get_by_role("button", name=re.compile("答题卡")).click()
    shoot(phone, "sheet", "phone")

    desk = come_in(chrome, served, duty["cookies"][1], "desktop")
    desk.goto(address(web, served.known["host"], duty["path"]))
    expect(desk.get_by_text("第 4 题，共 7 题")).to_be_visible()
    expect(desk.locator("[data-gap]:visible").first).to_have_value("上")
    shoot(desk, "resumed", "desktop")
    phone.keyboard.press("Escape")
    phone.locator("label.exam-option:visible").first.click()
    expect(phone.get_by_text("试卷已在另一处打开")).to_be_visible()
    shoot(phone, "elsewhere", "phone")

    desk.locator("[data-gap]:visible").nth(1).fill("根部")
    for _question in range(3):
        desk.locator("[data-next]").click()
    desk.locator("[data-text]:visible").fill("先切断电源，再用干燥的木棍挑开电线，\n然后呼救并做心肺复苏。")
    saved(desk)
    shoot(desk, "text", "desktop")
    desk.locator("[data-submit]").click()
    expect(desk.get_by_text("还有 1 题没答（第 6 题）")).to_be_visible()
    shoot(desk, "warning", "desktop")
    desk.locator("dialog[open]").get_by_role("button", name="交卷").click()
    desk.wait_for_url(re.compile("/learn/exams/"))
    expect(desk.get_by_role("heading", name="等待阅卷")).to_be_visible()
    shoot(desk, "marking", "desktop")
    look_back(chrome, served, duty)


def look_back(chrome, served, duty):
    """The manager sees the two devices."""
    manager = come_in(chrome, served, served.known["manager"], "desktop")
    manager.goto(address(served.web, served.known["host"], f"/console/plans/{duty['plan']}/attempts"))
    shoot(manager, "attempts", "desktop")
    manager.locator("tbody a").first.click()
    expect(manager.get_by_text("更换终端")).to_be_visible()
    shoot(manager, "timeline", "desktop")
    manager.set_viewport_size(SIZES["phone"])  # type: ignore[arg-type]
    shoot(manager, "timeline", "phone")


@pytest.mark.req("R2.8")
def test_identity_comes_first_and_leaving_twice_hands_in(chrome, served):
    web, duty = served.web, served.known["duties"][1]
    page = come_in(chrome, served, duty["cookies"][0], "phone")
    page.goto(address(web, served.known["host"], duty["path"]))
    expect(page.get_by_text("请确认是您本人在考试")).to_be_visible()
    page.get_by_role("button", name="发送短信验证码").click()
    expect(page.get_by_text(re.compile("验证码已发到"))).to_be_visible()
    shoot(page, "check", "phone")
    outbox = page.context.new_page()
    outbox.goto(f"http://anxue.localhost:{web.port}/dev/outbox")
    code = outbox.locator("[data-code-for]").first.inner_text()
    outbox.close()
    page.locator("[data-check-digits]").fill(code)
    page.get_by_role("button", name="确认").click()
    expect(page.locator("#exam-check")).to_be_hidden()
    page.locator("label.exam-option:visible").nth(1).click()
    saved(page)
    leave = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(leave % "true")
    page.evaluate(leave % "false")
    expect(page.locator("[data-away]")).to_contain_text("已离开 1 次，超过 1 次自动交卷")
    shoot(page, "left", "phone")
    page.evaluate(leave % "true")
    page.wait_for_url(re.compile("/learn/exams/"))
    expect(page.get_by_role("heading", name="还没通过")).to_be_visible()
    expect(page.get_by_text("按规定自动交卷")).to_be_visible()
    page.screenshot(path=ROOT / "build/screens/sitting-result-phone.png", full_page=True)
