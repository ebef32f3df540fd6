"""A question from the player's dialog to the answer that every enterprise may read, in a real browser on both screens."""

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
import json
from datetime import timedelta
from django.conf import settings
from django.test import Client
from apps.community.threads import answering, asking, policy
from apps.people.models import Learner, Manager
from infra.kit import clock
from public.operators import api as operators
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.community.threads import ground
from tests.apps.plans import ground as plans
from tests.public.desk import inside, operator
from tests.tenants.ground import open_for_test

site, at = open_for_test("talk"), clock.now()
with enterprise_scope(site):
    talk = ground.talk("AQ-CY-K1")
    old = ground.ask(talk, "灭火器压力表的指针在黄区还能用吗？", at=at - timedelta(days=1), picture=ground.picture(size=(800, 500)))
    ground.answer(talk, old, "黄区是压力偏高，可以使用，但要报修检查。", at=at - timedelta(hours=20))
    asking.vote(thread=old.uuid, learner_id=talk.other.id, codes=talk.codes, at=at)
    late = ground.ask(talk, "消火栓箱前面可以临时放几个货筐吗？", at=at - timedelta(days=9))
    asking.report(thread=late.uuid, post=None, learner_id=talk.other.id, codes=talk.codes, reason="WRONG", at=at)
    policy.add_canned(title="查看规程", words="请先查看本岗位的安全操作规程。", at=at)
    who = {"learner": Learner.objects.get(pk=talk.asker.id).credential, "manager": Manager.objects.get(pk=talk.owner.id).credential}
cookies = {}
for name, credential in who.items():
    browser = Client(HTTP_HOST=site.host)
    with enterprise_scope(site):
        browser.force_login(credential)
    cookies[name] = browser.cookies["sessionid"].value
with platform_scope():
    cookies["desk"] = inside(operator("OPERATIONS")).cookies["sessionid"].value
print(json.dumps({"host": site.host, "platform": settings.PLATFORM_HOST, "cookies": cookies, "old": str(old.uuid), "late": str(late.uuid),
    "lesson": f"/learn/{talk.place.assignment}/{talk.place.courseware_id}",
    "course": f"/learn/questions/courses/{talk.place.assignment}/{talk.place.version_id}"}))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


class Talker(Screen):
    """Somebody who is signed in already, by a cookie; the lesson's film has no file here, of which the console speaks."""

    prefix = "talk-"
    quiet = True

    def __init__(self, browser: Browser, web: Web, host: str, cookie: str) -> None:
        super().__init__(browser, web, host, "phone")
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.origin}])


@pytest.mark.req("R2.8")
def test_a_learner_asks_from_the_player_and_a_good_answer_reaches_everybody(stage: Any, browser: Browser) -> None:
    web, known = stage
    learner = Talker(browser, web, known["host"], known["cookies"]["learner"])
    page = learner.page
    learner.go(known["lesson"])
    page.get_by_role("button", name="在此刻提问").click()
    box = page.get_by_label("问题", exact=True)
    box.press_sequentially("灭火器压力表指针黄区能用吗", delay=5)
    expect(page.get_by_text("有人问过相似的问题")).to_be_visible()
    learner.shoot("dialog", whole=False)
    page.get_by_role("button", name="提交问题").click()
    expect(page.get_by_text("提问已提交")).to_be_visible()
    learner.shoot("asked", whole=False)
    page.get_by_role("link", name="查看提问").click()
    expect(page.get_by_text("等待解答")).to_be_visible()
    thread = page.url.rsplit("/", 1)[1]
    for name, path in (("course", known["course"]), ("mine", "/learn/questions"), ("question", f"/learn/questions/{known['old']}"),
                       ("ask", f"{known['course']}/ask")):  # fmt: skip
        learner.go(path)
        learner.shoot(name)

    manager = Talker(browser, web, known["host"], known["cookies"]["manager"])
    page = manager.page
    manager.go("/console/questions")
    manager.shoot("console-list")
    manager.go(f"/console/questions/{known['late']}")
    manager.shoot("console-late")
    manager.go("/console/questions/settings")
    manager.shoot("console-settings")
    manager.go(f"/console/questions/{thread}")
    page.get_by_label("常用答复").select_option(label="查看规程")
    expect(page.get_by_label("解答", exact=True)).to_have_value("请先查看本岗位的安全操作规程。")
    page.get_by_label("解答", exact=True).fill("指针在绿区才是正常；黄区要报修，红区立即更换。")
    page.get_by_role("button", name="发布解答").click()
    manager.shoot("console-question")
    page.get_by_role("link", name="推荐给所有企业").click()
    manager.shoot("console-share")
    page.get_by_role("button", name="推荐给所有企业").click()
    expect(page.get_by_text("等待平台处理")).to_be_visible()

    desk = Talker(browser, web, known["platform"], known["cookies"]["desk"])
    page = desk.page
    desk.go("/desk/answers")
    desk.shoot("desk-list")
    page.get_by_role("link", name="灭火器压力表指针黄区能用吗").click()
    desk.shoot("desk-item")
    page.get_by_role("button", name="公开给所有企业").click()
    expect(page.get_by_text("撤下这条解答")).to_be_visible()
    desk.shoot("desk-published")

    learner.go(known["course"])
    expect(learner.page.get_by_text("平台公开的解答")).to_be_visible()
    learner.shoot("course-shared")
    assert [*learner.errors, *manager.errors, *desk.errors] == []
