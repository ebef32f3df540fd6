"""One's own data in a real browser: told, asked for, answered, fetched once; and every page on both screens."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.product import Served, chromium_browser, product, run
from tests.screens import Screen

PREPARE = """
import django; django.setup()
import json
from datetime import timedelta
from uuid import uuid4
from apps.people import api as people
from apps.people.privacy import requesting
from apps.records import api as records
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans.ground import resident_id
from tests.apps.records.test_certificates import facts
from tests.tenants.ground import open_for_test

site, at = open_for_test("privacy"), clock.now()
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13800000000", password="Ke-kao-2026", at=at)
    views = [
        people.add_learner(
            name=name, id_number=resident_id(n), mobile=f"1380000{n:04d}", password="Ke-kao-2026", at=at, unit_path="生产部/一车间",
            position="电工", employee_no=f"A{n:03d}",
        )
        for n, name in enumerate(("学员甲", "学员乙", "学员丙"), 1)
    ]
    for view in views:
        people.choose_method(learner_id=view.id, method="code", at=at)
        records.issue_certificate(facts=facts(subject=view.uuid, issued_for=uuid4(), name=view.name), at=at)
    late = requesting.ask(learner_id=views[1].id, kind="ERASURE", words="上个月已经离职，请删除我的信息。", at=at - timedelta(days=40))
    wrong = requesting.ask(
        learner_id=views[2].id, kind="CORRECTION", words="去年改的名。", wanted={"name": "学员嘉", "id_number": resident_id(77)}, at=at - timedelta(days=12)
    )
print(json.dumps({"host": site.host, "learner": views[0].id, "late": str(late.uuid), "wrong": str(wrong.uuid)}))
"""
PROVE = """
import django; django.setup()
from apps.people import api as people
from infra.kit import clock
from tenants import sites
from tenants.scope import enterprise_scope
with enterprise_scope(sites.resolve(sites.host_of("privacy"))):
    people.note_proof(learner_id={learner}, terminal="{terminal}", method="code", at=clock.now())
"""
BUILD = """
import django; django.setup()
from apps.people.models import PrivacyRequest
from apps.people.privacy import files
from infra.kit import clock
from tenants import sites
from tenants.scope import enterprise_scope
with enterprise_scope(sites.resolve(sites.host_of("privacy"))):
    files.build(PrivacyRequest.objects.get(kind="EXPORT").uuid, at=clock.now())
"""


class Own(Screen):
    prefix = "privacy-"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


@pytest.mark.req("R1.4")
def test_a_learner_is_told_asks_is_answered_and_takes_a_copy_away(served: Served, browser: Browser) -> None:
    known = served.known
    me, manager = Own(browser, served.web, known["host"], "phone"), Own(browser, served.web, known["host"])
    me.sign_in("13800000001", "/learn")
    me.page.get_by_role("link", name="看个人信息处理告知").click()
    me.shoot("notice")
    me.page.get_by_role("button", name="我看过了").click()
    expect(me.page.get_by_role("link", name="看个人信息处理告知")).to_have_count(0)
    me.go("/learn/data/ask/correct")
    me.shoot("correct")
    me.go("/learn/data/ask/restrict")
    me.shoot("restrict")
    me.go("/learn/data/ask/erase")
    me.shoot("erase")
    me.page.get_by_label("原因").fill("想删掉")
    me.page.get_by_role("button", name="申请删除").click()
    me.page.locator("dialog[open]").get_by_role("button", name="申请删除").click()
    expect(me.page.get_by_text("待处理")).to_be_visible()
    manager.sign_in("13800000000", "/console")
    manager.go("/console/privacy")
    manager.shoot("desk")
    manager.go(f"/console/privacy/{known['late']}")
    manager.shoot("late")
    manager.go(f"/console/privacy/{known['wrong']}")
    manager.shoot("wrong")
    manager.go("/console/privacy")
    manager.page.get_by_role("link", name="学员甲").click()
    manager.page.get_by_label("理由").fill("仍在岗，培训是法定义务，离职后可以再申请。")
    manager.page.get_by_role("button", name="不同意").click()
    expect(manager.page.get_by_text("未同意")).to_be_visible()
    manager.shoot("answered")
    me.go("/learn/identity")
    names = {cookie["name"]: cookie["value"] for cookie in me.page.context.cookies()}
    run(served.environment, "-c", PROVE.format(learner=known["learner"], terminal=names["anxue_terminal"].split(":")[0]))
    me.go("/learn/data")
    expect(me.page.get_by_text("仍在岗，培训是法定义务")).to_be_visible()
    me.page.get_by_role("button", name="开始导出").click()
    expect(me.page.get_by_text("正在整理")).to_be_visible()
    me.shoot("making")
    run(served.environment, "-c", BUILD)
    expect(me.page.get_by_role("button", name="下载")).to_be_visible()
    me.shoot("ready")
    me.page.get_by_role("button", name="下载").click()
    with me.page.expect_download() as fetched:
        me.page.locator("dialog[open]").get_by_role("button", name="下载").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(str(fetched.value.path())).read_bytes()))
    assert "我的信息.html" in archive.namelist()
    me.go("/learn/data")
    expect(me.page.get_by_text("已经下载过")).to_be_visible()
    me.shoot("mine")
    assert me.errors + manager.errors == []
