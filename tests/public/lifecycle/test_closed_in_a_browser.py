"""Closed enterprises in a real browser: opened again by two; destroyed by two, with its certificate; every page on both screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.product import chromium_browser, product
from tests.public.lifecycle.test_in_a_browser import Person
from tests.web import Web

PREPARE = """
import django; django.setup()
import json
from datetime import timedelta
from django.conf import settings
from django.test import Client
from apps.people import api as people
from infra.kit import clock
from public.lifecycle import ending, holding
from public.lifecycle.destruction import running
from public.operators.api import SECOND_FACTOR
from tenants.api import Credential
from tenants.opening import Application
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import resident_id
from tests.public.authoring.ground import set_state
from tests.public.desk import operator
from tests.public.lifecycle.courses import written
from tests.public.lifecycle.ends import LONG_AGO, after, ask_destroy, closed, planned, sealed
from tests.public.lifecycle.ground import desk
from tests.tenants.ground import opened

at = clock.now()
with platform_scope():
    ids = {login: operator("OPERATIONS", login=login, name=name) for login, name in (("first", "运营甲"), ("second", "运营乙"))}

def house(name, uscc, sub, since):
    site = opened(Application(name, uscc, sub, "C34", "GENERAL", "330110"), at=LONG_AGO)
    with enterprise_scope(site):
        people.open_owner(name="安全员", mobile="13900000001", password="Ke-kao-2026", at=at)
        people.add_learner(name="学员甲", id_number=resident_id(1), mobile="13900000011", at=at, unit_path="生产部/一车间")
    sealed(site)
    return site, closed(site, at=since)

new, _row = house("杭州新近注销机械有限公司", "91330100MA2TEPT14F", "fresh", at - timedelta(days=50))
over, _row = house("宁波期满化工有限公司", "91330200MA28DEM23Y", "over", LONG_AGO)
kept, _row = house("温州保留贸易有限公司", "91330106MA2BKXT393", "kept", LONG_AGO)
near, _row = house("绍兴将满纺织有限公司", "91330300MA2AAAAA1X", "near", at - timedelta(days=6 * 365 - 10))
gone, row = house("嘉兴已销毁建材有限公司", "91330400MA2BBBBB2Y", "gone", LONG_AGO)
with platform_scope():
    written(gone.schema_name, code="AQ-CY-ALL-SJ-0941", is_private=True)
    public = written(gone.schema_name, code="AQ-CY-ALL-SJ-0942", is_private=False)
    set_state(public.version, "RETIRED")
    holding.place(enterprise_id=kept.id, reason="（2026）浙0106民初1234号", until=None, desk=desk("first", at))
waiting = planned(gone, at=at - timedelta(days=2))
with platform_scope():
    assert running.carry_on(at=at - timedelta(days=1)) == 0
    assert running.carry_on(at=at) == 1
    ending.review(at=at)

def cookie_of(ident):
    browser = Client(headers={"host": settings.PLATFORM_HOST})
    with platform_scope():
        browser.force_login(Credential.objects.get(pk=ident))
        session = browser.session
        session[SECOND_FACTOR] = ident
        session.save()
    return browser.cookies["sessionid"].value

found = {"platform": settings.PLATFORM_HOST, "destruction": str(waiting.uuid)}
found |= {site.subdomain: site.id for site in (new, over, kept, near, gone)}
print(json.dumps(found | {login: cookie_of(ident) for login, ident in ids.items()}))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


class Closed(Person):
    prefix = "closed-"


@pytest.mark.req("S3", "R4.6")
def test_two_people_open_one_again_and_have_another_destroyed(stage):
    web, known = stage
    with chromium_browser() as browser:
        one, two = Closed(browser, web, known["platform"]), Closed(browser, web, known["platform"])
        one.sit(known["first"])
        two.sit(known["second"])
        one.go("/desk/ends")
        one.shoot("ends", "text=宁波期满化工有限公司")
        one.go("/desk/ends?show=all")
        one.shoot("ends-all", "text=嘉兴已销毁建材有限公司")
        one.go("/desk/ends?q=没有这家")
        one.shoot("ends-none", "text=没有符合条件的企业")
        one.go("/desk/")
        one.shoot("home", "text=保存期满企业")
        one.go(f"/desk/enterprises/{known['fresh']}")
        one.shoot("fresh", "text=提出重新开通")
        one.page.fill("#reopenform_reason", "负责人来电，已核对营业执照和身份证件")
        one.page.get_by_role("button", name="提出重新开通").click()
        one.shoot("asked", "text=由您以外的同事批准")
        two.go(f"/desk/enterprises/{known['fresh']}")
        two.shoot("to-decide", "text=等待批准")
        two.page.get_by_role("button", name="不批准", exact=True).click()
        two.shoot("refused", "text=请写明为什么不批准")
        two.page.get_by_role("button", name="批准", exact=True).click()
        expect(two.page.get_by_text("已重新开通，一秒内")).to_be_visible()
        two.shoot("returned", "text=已重新开通")
        two.go(f"/desk/enterprises/{known['over']}")
        two.shoot("over", "text=提出销毁申请")
        two.page.fill("#destroyform_reason", "法定保存期满，已与企业核对")
        two.page.fill("#destroyform_name", "宁波期满化工有限公司")
        two.page.get_by_role("button", name="提出销毁申请").click()
        expect(two.page.get_by_text("等申请人以外的同事批准")).to_be_visible()
        one.go(f"/desk/enterprises/{known['over']}")
        one.page.get_by_role("button", name="批准", exact=True).click()
        one.shoot("planned", "text=停止销毁")
        one.page.get_by_role("link", name="查看进度和证明").click()
        one.shoot("waiting", "text=等待开始")
        one.go(f"/desk/enterprises/{known['over']}")
        one.page.fill("#reasonform_reason", "企业来电要求再核对一次")
        one.page.get_by_role("button", name="停止销毁").click()
        expect(one.page.get_by_text("什么也没有销毁")).to_be_visible()
        assert [said for said in one.errors + two.errors if "422" not in said] == [], "but for the refusal that was asked for"


def test_what_is_held_and_what_is_gone_on_both_screens(stage):
    web, known = stage
    with chromium_browser() as browser:
        one = Closed(browser, web, known["platform"])
        one.sit(known["first"])
        one.go(f"/desk/enterprises/{known['kept']}")
        one.shoot("kept", "text=期满也不能销毁")
        one.page.locator("summary", has_text="解除").click()
        one.page.locator("summary", has_text="设置法律保留").click()
        one.shoot("kept-open", "text=确认解除")
        one.go(f"/desk/enterprises/{known['near']}")
        one.shoot("near", "text=将期满")
        one.go(f"/desk/enterprises/{known['gone']}")
        one.shoot("gone", "text=数据已销毁")
        one.go(f"/desk/destructions/{known['destruction']}")
        one.shoot("destruction", "text=证明的签名与内容相符")
        with one.page.expect_download() as taken:
            one.page.get_by_role("link", name="下载销毁证明").click()
        assert taken.value.suggested_filename == f"destruction-{known['destruction']}.json"
        assert one.errors == []
