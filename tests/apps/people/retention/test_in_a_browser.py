"""Retention in a real browser: what is where, a hold, old months seen again, everything taken along and checked offline."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from public.seals.api import PROGRAM
from tests.product import chromium_browser, product, run
from tests.screens import PASSWORD, Screen

PREPARE = """
import django; django.setup()
import json
from apps.people import api as people
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.records.retention import ground
from tests.tenants.ground import open_for_test

site = open_for_test("old-months")
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile="13800000000", password="Ke-kao-2026", at=clock.now())
    views = [ground.pupil(), ground.colleague()]
    for view in views:
        for month in (3, 4, 5):
            ground.month(view, ground.OLD.replace(month=month))
    ground.keep()
print(json.dumps({"host": site.host, "name": site.name}))
"""
WORK = """
import django; django.setup()
from apps.records.retention import making
from apps.records.retention.api import Order
from infra.kit import clock
from tenants import sites
from tenants.scope import enterprise_scope
from tests.apps.records.retention import ground
with enterprise_scope(sites.resolve(sites.host_of("old-months"))):
    order = Order.objects.latest("at")
    print(making.carry_out(order.uuid, signers=ground.signers(), at=clock.now()).state)
"""


@pytest.mark.req("R4.6")
def test_an_owner_holds_looks_up_and_takes_everything_along(tmp_path):
    with product(PREPARE) as served, chromium_browser() as browser:
        me = Screen(browser, served.web, served.known["host"])
        me.sign_in("13800000000", "/console")
        me.go("/console/retention")
        expect(me.page.get_by_text("2024-05")).to_be_visible()
        me.shoot("retention-packages")
        me.go("/console/retention/holds?q=学员甲")
        me.page.get_by_role("radio", name="学员甲").check()
        me.page.get_by_label("理由").fill("3·12 事故调查")
        me.page.get_by_role("button", name="开始保留").click()
        expect(me.page.get_by_role("cell", name="学员甲")).to_be_visible()
        me.go("/console/retention/holds?q=学员")
        me.shoot("retention-holds")
        me.go("/console/retention/restores?q=学员乙")
        me.page.get_by_role("radio", name="学员乙").check()
        me.page.get_by_label("调阅理由").fill("劳动仲裁取证")
        me.page.get_by_role("button", name="开始调阅").click()
        expect(me.page.get_by_text("排队中").first).to_be_visible()
        assert "DONE" in run(served.environment, "-c", WORK)
        expect(me.page.get_by_role("link", name="在场核验的提问和证据")).to_be_visible()
        me.shoot("retention-restored")
        me.go("/console/retention/exports")
        me.page.get_by_label("企业全称").fill(served.known["name"])
        me.shoot("retention-exports")
        me.page.get_by_role("button", name="开始导出").click()
        expect(me.page.get_by_text("排队中").first).to_be_visible()
        assert "DONE" in run(served.environment, "-c", WORK)
        expect(me.page.get_by_text("导出包已生成")).to_be_visible()
        me.shoot("retention-export")
        me.page.get_by_label("登录密码").fill(PASSWORD)
        with me.page.expect_download() as waited:
            me.page.get_by_role("button", name="下载导出包").click()
        path = tmp_path / "export.zip"
        waited.value.save_as(path)
        done = subprocess.run([sys.executable, "-I", str(PROGRAM), str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode, "make the root of the signed head" in done.stdout) == (3, True), done.stdout
        assert me.errors == []
