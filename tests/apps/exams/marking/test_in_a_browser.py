"""Marking, appeal, correction and figures in a real browser, on desktop and phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.product import chromium_browser, product
from tests.screens import Screen
from tests.web import Web

PREPARE = """
import django; django.setup()
import json, random
from datetime import timedelta
from apps.exams.models import Attempt
from apps.exams.marking import enqueuing
from apps.exams.statistics import counting
from apps.people import api as people, managing
from apps.people.models import Manager
from apps.plans.models import Assignment, TrainingPlan
from infra.kit import clock
from infra.wiring import devdata
from tenants.scope import enterprise_scope
from tests.apps.exams.marking.ground import choice, text
from tests.tenants.ground import open_for_test

site, at, dice = open_for_test("marks"), clock.now(), random.Random(4)
WORDS = (
    "进入有限空间作业前，下列做法正确的是（　）。", "动火作业现场监护人的主要职责是（　）。", "使用手持电动工具时，应当优先选用（　）。",
    "高处作业人员系安全带，应当（　）。", "发现配电箱门敞开、线路裸露时，首先应当（　）。",
)
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13800000000", password="Ke-kao-2026", at=at)
    managing.invite(name="培训管理员乙", mobile="13800000099", role="TRAINING", unit_id=None, by=Manager.objects.get().pk, at=at)
    second = Manager.objects.get(role="TRAINING").credential
    second.set_password("Ke-kao-2026"); second.save()
    who = [
        people.add_learner(
            name=devdata._name(n), id_number=devdata._resident_id(n), mobile=devdata._mobile(n), at=at, password="Ke-kao-2026",
            unit_path=devdata.UNITS[n % 4], position="操作工",
        )
        for n in range(1, 41)
    ]
    plan = TrainingPlan.objects.create(
        title="有限空间作业安全专项培训（2026 年第四期）", requirement_id=1, requirement_code="CY-GEN", requirement_title="从业人员", stage="ANNUAL", hours_bound=True,
        basis="国家安全监管总局令第3号第十三条", legal_hours=8, required_ms=21_600_000, due_on=clock.shanghai_date(at) + timedelta(days=20), opened_by="安全员",
        opened_at=at - timedelta(days=30),
    )
    copied = None
    for n, view in enumerate(who):
        duty = Assignment.objects.create(plan=plan, learner_id=view.id, assigned_at=at, earned_ms=0)
        level = 0.95 - n * 0.014
        paper, answers, points = [], {}, {}
        for q in range(1, 25):
            item = choice(q, no=q, score=4) | {"stem": WORDS[q % 5]}
            item["options"] = [o | {"text": t} for o, t in zip(item["options"], ("先通风、再检测、后作业", "直接进入，边干边看", "只带安全帽", "等出事再说"))]
            good = dice.random() < (level if q != 7 else 1.1 - level)
            said = "A" if good else dice.choice("BBBCCD")
            if n == 39 and copied: said = copied[q]
            if not (q == 9 and dice.random() < 0.2): answers[str(q)] = [said]
            points[str(q)] = 4 if answers.get(str(q)) == ["A"] else 0
            paper.append(item)
        if n == 38: copied = {q: answers.get(str(q), ["B"])[0] for q in range(1, 25)}
        score = sum(points.values()) * 100 // 96
        done = dict(score=score, passed=score >= 80, points=points)
        if n < 7:
            paper.append(text(90, no=25, score=4) | {"stem": "简述发现同事触电后的现场处置步骤。"})
            answers["25"] = ["先切断电源，或用干燥的木棒挑开电线，再把人移到安全的地方。\\n打 120，同时报告班组长。"]
            done = {}
        row = Attempt.objects.create(
            assignment=duty, learner_id=view.id, number=1, paper=paper, answers=answers, pass_score=80, started_at=at - timedelta(minutes=40 + n % 5),
            due_at=at, submitted_at=at - timedelta(minutes=n % 20), terminal="t" * 32 if n > 37 else "", **done,
        )
        if n < 7: enqueuing.enqueue(attempt_id=row.pk, at=at)
    counting.count(at=at)
    failed = Attempt.objects.filter(passed=False).order_by("-score").first()
wrong = next(no for no, got in failed.points.items() if got == 0)
print(json.dumps({"no": wrong, "host": site.host, "attempt": str(failed.uuid), "mobile": devdata._mobile(who.index(next(v for v in who if v.id == failed.learner_id)) + 1), "plan": str(plan.uuid)}))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, str]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


class Marker(Screen):
    """Somebody who signs in. Charts are asked whether they stand: there are many."""

    def __init__(self, browser: Browser, web: Web, host: str, mobile: str, home: str = "/console") -> None:
        super().__init__(browser, web, host)
        self.sign_in(mobile, home)

    def grown(self) -> None:
        if self.page.locator(".db-plot").count():
            self.page.wait_for_function("window.echarts.getInstanceByDom(document.querySelector('.db-plot'))")


@pytest.mark.req("R2.8")
def test_from_a_doubt_to_a_corrected_score(stage: Any, browser: Browser) -> None:
    web, known = stage
    learner = Marker(browser, web, known["host"], known["mobile"], "/learn")
    learner.go(f"/learn/exams/{known['attempt']}/appeals")
    learner.page.select_option("#id_no", known["no"])
    learner.page.fill("#id_words", "新修订的条例第四十三条要求先检测再通风，我的答案符合条文。")
    learner.shoot("exam-appeal-own")
    learner.page.get_by_role("button", name="提交申诉").click()
    expect(learner.page.get_by_text("申诉已提交")).to_be_visible()
    me = Marker(browser, web, known["host"], "13800000000")
    me.go("/console/exams/marking")
    me.shoot("exam-marking")
    me.page.get_by_role("link", name="判卷", exact=True).first.click()
    me.page.get_by_role("button", name="取 5 份开始判").click()
    me.page.locator("input[type=number]").first.fill("3")
    me.page.get_by_role("button", name="保存并取下一批").click()
    expect(me.page.get_by_text("请写明扣分理由")).to_be_visible()
    me.shoot("exam-mark")
    me.go("/console/exams/appeals")
    me.shoot("exam-appeals")
    me.page.locator("tbody a").first.click()
    me.page.locator(f"#p{known['no']}").fill("4")
    me.page.fill("#id_reason", "核对条文后，学员的答案也应算对。")
    me.shoot("exam-appeal")
    me.page.get_by_role("button", name="同意改分，交第二个人复核").click()
    expect(me.page.get_by_text("处理结果已保存")).to_be_visible()
    other = Marker(browser, web, known["host"], "13800000099")
    other.go("/console/exams/corrections")
    other.shoot("exam-corrections")
    other.page.locator("tbody a").first.click()
    other.shoot("exam-correction")
    other.page.get_by_role("button", name="批准", exact=True).click()
    expect(other.page.get_by_text("已全部更正")).to_be_visible()
    learner.page.reload()
    expect(learner.page.get_by_text("成绩更正", exact=True)).to_be_visible()
    learner.shoot("exam-appeal-own-done")
    assert learner.errors == []
    assert [error for error in me.errors if "422" not in error] == []
    assert other.errors == []


@pytest.mark.req("R2.8")
def test_from_the_figures_to_a_wrong_question(stage: Any, browser: Browser) -> None:
    web, known = stage
    me = Marker(browser, web, known["host"], "13800000000")
    me.go("/console/exams/statistics")
    me.shoot("exam-statistics")
    me.page.locator("tbody a").first.click()
    me.shoot("exam-statistics-plan", "canvas")
    me.go("/console/exams/statistics/questions")
    me.shoot("exam-questions")
    me.page.locator("tbody a").first.click()
    expect(me.page.get_by_text("答案可能有误")).to_be_visible()
    me.shoot("exam-question", "canvas")
    me.page.get_by_role("link", name="题目有误，重判").click()
    me.page.get_by_label("全部给分：每个人都得这道题的满分").check()
    me.page.fill("#id_reason", "题干引用的条文已修订，原答案不再成立。")
    me.page.get_by_role("button", name="先看影响").click()
    expect(me.page.get_by_role("button", name="提出重判")).to_be_visible()
    me.shoot("exam-regrade")
    me.go("/console/exams/statistics/pairs")
    me.shoot("exam-pairs")
    me.page.locator("tbody a").first.click()
    me.shoot("exam-pair")
    me.go("/console/exams/marking/rules")
    me.shoot("exam-marking-rules")
    me.go(f"/console/exams/results/{known['attempt']}")
    me.shoot("exam-result")
    assert me.errors == []
