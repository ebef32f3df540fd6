"""From the bank to the pass: a hundred questions come in from Word and Excel, a paper is drawn of them, a learner sits it on a desktop,
loses the browser, goes on with the phone, fails, practises what was wrong, sits it again and passes."""

from __future__ import annotations

import json
import random
import re
import secrets
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.kit import clock
from public.questions import reading
from tests.journeys import people
from tests.journeys.conftest import Person, seated
from tests.journeys.learners import Truth, truth_of
from tests.journeys.stage import Product
from tests.web import ROOT

TOPIC = "车间安全"
_CAST = """
import django; django.setup()
import json, sys
from django.test import Client
from apps.people import api as people
from apps.people.models import Manager
from infra.kit import clock
from infra.wiring.devdata import DEMO
from tenants import sites
from tenants.api import Credential
from tenants.scope import enterprise_scope
host, now, who = sites.host_of(DEMO.subdomain), clock.now(), json.loads(sys.argv[1])
with enterprise_scope(sites.resolve(host)):
    learner = people.add_learner(**who, at=now)
    people.choose_method(learner_id=learner.id, method="code", at=now)
    browsers = []
    for credential in (Manager.objects.filter(role="OWNER").first().credential, *[Credential.objects.by_login(who["mobile"])] * 2):
        browser = Client(headers={"host": host})
        browser.force_login(credential)
        browsers.append({key: one.value for key, one in browser.cookies.items()})
print(json.dumps({"id": learner.id, "browsers": browsers}))
"""


def questions(tag: str) -> list[dict[str, Any]]:
    """A hundred questions; the right option says so, between 对 and a number."""
    dice = random.Random(tag)
    found = []
    for n in range(1, 101):
        right = dice.randrange(4)
        texts = [f"错的做法 {n}-{k}" for k in range(4)]
        texts[right] = f"对的做法 {n}"
        found.append(
            {
                "kind": "single", "topic": TOPIC, "points": [f"要点{n % 5}"], "difficulty": n % 5 + 1, "media": [],
                "stem": f"{tag}第 {n} 个场景里，员工应当怎样做？",
                "options": [{"key": key, "text": text} for key, text in zip("ABCD", texts, strict=True)],
                "answer": ["ABCD"[right]], "explanation": "先确认安全，再动手。", "basis": "《中华人民共和国安全生产法》第五十七条",
            }
        )  # fmt: skip
    return found


def cast(product: Product) -> dict[str, Any]:
    """A manager of the demo enterprise and a new learner with two devices, signed in."""
    who = {"name": "学员甲", "id_number": people.resident_id(), "mobile": people.mobile()}
    command = [sys.executable, "-c", _CAST, json.dumps(who)]
    done = subprocess.run(command, cwd=ROOT, env={**product.environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return {**json.loads(done.stdout.splitlines()[-1]), **who}


def come_in(browser: Browser, product: Product, size: str, cookies: dict[str, str]) -> Person:
    """A person at a screen of their own, signed in."""
    person = seated(browser, product, size)
    host = f"http://demo.localhost:{product.port}"
    person.context.add_cookies([{"name": name, "value": value, "url": host} for name, value in cookies.items()])
    return person


def bring_in(manager: Person, name: str, tag: str) -> None:
    """Make a bank and import half of the questions from Excel, half from Word."""
    page, made = manager.page, questions(tag)
    manager.go("demo", "/console/banks/new")
    page.fill('[name="title"]', name)
    page.fill('[name="topic"]', TOPIC)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/console/banks/[0-9a-f-]{36}$"))
    bank = page.url
    files = {
        "试题.xlsx": reading.workbook(made[:50], title="试题"),
        "试题.docx": reading.document(made[50:], title="试题", about=()),
    }
    for file, content in files.items():
        page.goto(f"{bank}/import")
        page.set_input_files('input[type="file"]', {"name": file, "mimeType": "application/octet-stream", "buffer": content})
        page.get_by_role("button", name="读取并检查").click()
        expect(page.get_by_text("全部正确")).to_be_visible()
        page.get_by_role("button", name="导入 50 题").click()
        expect(page.get_by_text("新增 50 题").first).to_be_visible()


def draw_paper(manager: Person, title: str) -> None:
    """Build a paper of ten questions drawn from the own bank."""
    page = manager.page
    manager.go("demo", "/console/exams/papers/new?mode=DRAWN")
    page.fill('[name="title"]', title)
    page.fill('[name="minutes"]', "10")
    page.fill('[name="pass_score"]', "80")
    page.fill('[name="tries"]', "3")
    for row in (3, 2):  # one row is enough
        page.get_by_role("button", name=f"删除第 {row} 行").click()
        expect(page.locator('[name="row_kind"]')).to_have_count(row - 1)
    page.locator('[name="row_kind"]').first.select_option("single")
    page.locator('[name="row_labels"]').first.fill(TOPIC)
    page.locator('[name="row_high"]').first.select_option("5")
    page.locator('[name="row_bank"]').first.select_option("own")
    page.locator('[name="row_count"]').first.fill("10")
    page.locator('[name="row_score"]').first.fill("10")
    expect(page.get_by_text("共 10 题，满分 100 分")).to_be_visible()
    page.get_by_role("button", name="保存试卷").click()
    page.wait_for_url(re.compile(r"/console/exams/papers/[0-9a-f-]{36}$"))
    manager.shoot("exam-paper")


def plan(manager: Person, title: str, paper: str, learner: dict[str, Any]) -> None:
    """Open a plan for this learner with that paper."""
    page = manager.page
    following = page.get_by_role("button", name="下一步")
    manager.go("demo", "/console/plans/new")
    page.fill('[name="title"]', title)
    page.locator("label", has_text="新工艺、新技术、新材料、新设备专门培训").click()
    following.click()
    expect(page.locator("#courses")).to_be_visible()
    page.locator("#courses label").first.click()
    expect(page.get_by_text("已选 1 门课程")).to_be_visible()
    following.click()
    expect(page.get_by_role("heading", name="选人员")).to_be_visible()
    choose(page, learner)
    following.click()
    page.fill('[name="due_on"]', str(clock.shanghai_date(clock.now()).replace(year=clock.now().year + 1)))
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        page.locator('[name="exam_paper"]').select_option(label=f"试卷：{paper}")
    expect(page.get_by_text("10 题").first).to_be_visible()
    following.click()
    expect(page.get_by_role("heading", name="核对后开启")).to_be_visible()
    page.get_by_role("button", name="开启计划").click()
    page.wait_for_url(re.compile(r"/console/plans/[0-9a-f-]{36}$"))


def choose(page: Page, learner: dict[str, Any]) -> None:
    """Pick this learner alone."""
    page.locator('[name="who_kind"][value="picked"]').check()
    page.fill('[name="learner_q"]', learner["mobile"])
    page.locator("#found label", has_text=f"{learner['mobile'][:3]}****{learner['mobile'][-4:]}").click()
    expect(page.get_by_text("共 1 名学员")).to_be_visible()


def learnt(truth: Truth, learner_id: int, title: str) -> str:
    """Let the learner have watched everything; return the address of the exam."""
    truth.ask(
        "INSERT INTO learning_coverage (learner_id, courseware_id, duration_ms, spans, provisional, position_ms, updated_at)"
        " SELECT %(who)s, (c ->> 'id')::bigint, (c ->> 'duration_ms')::int,"
        " int8multirange(int8range(0, (c ->> 'duration_ms')::int)), '{}', 0, now()"
        " FROM plans_plancourse k JOIN plans_trainingplan p ON p.id = k.plan_id, jsonb_array_elements(k.coursewares) c"
        " WHERE p.title = %(title)s ON CONFLICT (learner_id, courseware_id) DO UPDATE SET spans = EXCLUDED.spans",
        who=learner_id,
        title=title,
    )
    found = truth.ask(
        "SELECT a.uuid FROM plans_assignment a JOIN plans_trainingplan p ON p.id = a.plan_id"
        " WHERE a.learner_id = %(who)s AND p.title = %(title)s",
        who=learner_id,
        title=title,
    )
    return f"/learn/{found[0][0]}/exam"


def answer(page: Page, *, rightly: bool) -> None:
    """Answer the question on the screen and wait for the tick."""
    section = page.locator("[data-question]:not([hidden])")
    section.locator("label.exam-option", has_text="对的做法" if rightly else "错的做法").first.click()
    expect(page.locator("[data-saved]")).to_contain_text("已保存")


def onward(page: Page) -> None:
    """Go to the next question."""
    page.locator("[data-next]").click()


def hand_in(page: Page) -> None:
    """Hand in and wait for the result."""
    page.locator("[data-submit]").click()
    page.locator("dialog[open]").get_by_role("button", name="交卷").click()
    page.wait_for_url(re.compile(r"/learn/exams/"))


def sit_all(page: Page, *, rightly: bool, from_no: int = 1) -> None:
    """Answer what is left, ten questions in all."""
    for no in range(from_no, 11):
        answer(page, rightly=rightly)
        if no < 10:
            onward(page)


@pytest.mark.req("R2.8")
def test_from_a_hundred_questions_to_a_pass_over_two_devices(browser, product):
    tag, played = secrets.token_hex(3), cast(product)
    manager = come_in(browser, product, "desktop", played["browsers"][0])
    bring_in(manager, f"车间题库 {tag}", tag)
    draw_paper(manager, f"车间考试 {tag}")
    title = f"车间培训 {tag}"
    plan(manager, title, f"车间考试 {tag}", played)
    exam = learnt(truth_of(product, "demo"), played["id"], title)

    desk = come_in(browser, product, "desktop", played["browsers"][1])
    desk.go("demo", exam)
    desk.shoot("exam-start")
    desk.page.get_by_role("button", name="开始考试").click()
    for _no in range(3):
        answer(desk.page, rightly=False)
        onward(desk.page)
    desk.shoot("exam-sitting")
    desk.context.close()  # without a word, as a crash

    phone = come_in(browser, product, "phone", played["browsers"][2])
    phone.go("demo", exam)
    expect(phone.page.get_by_text("第 4 题，共 10 题")).to_be_visible()
    expect(phone.page.locator("[data-count]")).to_have_text("3")
    phone.shoot("exam-resumed")
    sit_all(phone.page, rightly=True, from_no=4)
    hand_in(phone.page)
    expect(phone.page.get_by_role("heading", name="还没通过")).to_be_visible()
    expect(phone.page.get_by_text("错题 3 道")).to_be_visible()
    phone.shoot("exam-failed")

    practise(phone)
    phone.go("demo", exam)
    phone.page.get_by_role("button", name="开始考试").click()
    sit_all(phone.page, rightly=True)
    hand_in(phone.page)
    expect(phone.page.get_by_role("heading", name="通过了")).to_be_visible()
    phone.shoot("exam-passed-after")
    story(manager, title)
    assert manager.problems == desk.problems == phone.problems == []


def practise(phone: Person) -> None:
    """Practise the three wrong answers until the round is over."""
    page = phone.page
    phone.go("demo", "/learn/mistakes")
    expect(page.get_by_text("今天该练 3 道").first).to_be_visible()
    page.get_by_role("button", name="开始练习").click()
    for _no in range(3):
        page.locator("label", has_text="对的做法").first.click()
        page.get_by_role("button", name="提交答案").click()
        expect(page.get_by_text(re.compile("答对了"))).to_be_visible()
        page.get_by_role("link", name=re.compile("下一题|看练习结果")).click()
    phone.shoot("exam-practised")


def story(manager: Person, title: str) -> None:
    """The manager reads both tries and the change of the device."""
    page = manager.page
    manager.go("demo", f"/console/plans?q={title[-6:]}")
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name="考试记录").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    manager.shoot("exam-attempts")
    page.locator("tbody tr", has_text="换过设备").get_by_role("link").first.click()
    expect(page.get_by_text("更换终端")).to_be_visible()
    manager.shoot("exam-timeline")
