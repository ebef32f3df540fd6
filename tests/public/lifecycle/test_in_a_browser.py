"""The life of an enterprise in a real browser: a visit from the question to its end; every page on both screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.product import chromium_browser, product
from tests.screens import Screen
from tests.web import Web

PREPARE = """
import django; django.setup()
import io, json
from datetime import timedelta
from PIL import Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from apps.people import api as people
from infra.kit import clock
from public.lifecycle import verifying
from public.lifecycle.words import By
from public.load import design, warning
from public.load.measuring import Read
from public.load.models import LoadWarning, Meter
from public.operators.api import Me, SECOND_FACTOR
from public.site.announcing import services as announcing
from public.site.facts import save_facts
from public.site.models import ProbeHour
from public.site.papers import services as papers
from public.site.status import probing, services as status
from public.site.status.models import Component
from public.uploads.models import Upload
from public.uploads.stores import name_of
from tenants.api import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.public.desk import operator
from tenants.opening import Application, open_enterprise
from tests.apps.plans.ground import resident_id

at = clock.now()
site = open_enterprise(Application("杭州示范机械有限公司", "91330100MA2TEPT14F", "life", "C34", "GENERAL", "330110"), at=at)
with enterprise_scope(site):
    owner = people.open_owner(name="安全员", mobile="13900000001", password="Ke-kao-2026", at=at)
    people.add_learner(name="学员甲", id_number=resident_id(1), mobile="13900000011", at=at, unit_path="生产部/一车间")

def picture(schema):
    data = io.BytesIO()
    Image.new("RGB", (900, 640), (236, 232, 214)).save(data, "PNG")
    row = Upload.objects.create(owner_id=1, provider_schema=schema, purpose="evidence", file_name="营业执照.png", size=len(data.getvalue()),
        part_size=8 << 20, state="READY", kind="image", sha256="0" * 64, content_type="image/png", created_at=at, touched_at=at)
    default_storage.save(name_of(row), ContentFile(data.getvalue()))
    return row.uuid

with platform_scope():
    ids = {login: operator("OPERATIONS", login=f"life-{login}") for login in ("first", "second")}
    me = Me(ids["first"], "运营甲", "OPERATIONS")
    said = verifying.HandIn(name=site.name, uscc=site.uscc, licence_until=None, words="首次核验", papers=[("LICENCE", picture(site.schema_name))])
    uuid = verifying.submit(enterprise_id=site.id, said_=said, by=By("manager:1", "安全员", at))
    save_facts(texts={"icp": ("浙ICP备2026000001号", ""), "police_record": ("浙公网安备33010602000001号", ""), "operator_name": ("某某科技有限公司", "")}, me=me, at=at, ip="10.0.0.1")
    today = clock.shanghai_date(at)
    for kind, title, until in (("TELECOM", "增值电信业务经营许可证", today + timedelta(days=40)), ("LEVEL", "网络安全等级保护三级备案", None)):
        paper = papers.show(facts=papers.Facts(kind=kind, title=title, issuer="浙江省通信管理局", valid_from=today - timedelta(days=300), valid_until=until, number="浙B2-20260001", scan=picture("")), me=me, at=at)
    announced = announcing.publish(draft=announcing.Draft(audience="PEOPLE", division="330110", title="12 月 6 日凌晨系统维护", text="凌晨两点到三点暂停学习，已确认的学时不受影响。", starts_at=at, is_pinned=True), me=me, at=at)
    announcing.publish(draft=announcing.Draft(audience="OPERATORS", title="值班安排", text="凌晨两点起由运营甲值班。", starts_at=at), me=me, at=at)
    announcing.publish(draft=announcing.Draft(audience="EVERYBODY", title="新课上线", text="这条公告所有企业都能看到。", level="ATTENTION", starts_at=at), me=me, at=at)
    hour = clock.shanghai_midnight(today - timedelta(days=60))
    rows = []
    full = (1 << 60) - 1
    while hour < at - timedelta(hours=1):
        for component in Component.values:
            bad = 0x3FF if component == "MEDIA" and hour.day == 7 and hour.hour == 16 else 0
            rows.append(ProbeHour(component=component, hour=hour, measured=full, ok=full & ~bad))
        hour += timedelta(hours=1)
    ProbeHour.objects.bulk_create(rows)
    for back in range(4):
        probing.round_of_all(at=at - timedelta(minutes=back), probes={one: lambda: None for one in Component.values})
    for back in range(23 * 60, -1, -20):
        busy = 0.35 + 0.3 * ((back // 60) % 12) / 12
        reads = {meter: Read(design.DESIGNED.get(meter, 100) * busy, 100) for meter in Meter.values} | {"DATABASE": Read(212.4), "DISK": Read(38.5, 100)}
        warning.measure(at=at - timedelta(minutes=back), reads=reads | ({"QUEUE": Read(1600)} if back < 120 else {}))
    row = status.begin(report=status.Report(kind="OUTAGE", title="部分课程视频加载缓慢", text="正在排查，已确认的学时不受影响。", components=["MEDIA"], starts_at=at - timedelta(days=2)), me=me, at=at - timedelta(days=2))
    status.say(incident=row.uuid, stage="OVER", text="已切换到备用存储，恢复正常。", me=me, at=at - timedelta(days=2) + timedelta(minutes=30))
    work = status.begin(report=status.Report(kind="PLANNED", title="数据库升级", text="升级期间不能学习。", components=["DATABASE"], starts_at=at + timedelta(days=7), ends_at=at + timedelta(days=7, hours=1)), me=me, at=at)

def cookie_of(host, credential, scope, **more):
    browser = Client(headers={"host": host})
    with scope:
        browser.force_login(credential)
        session = browser.session
        for key, value in more.items():
            session[key] = value
        session.save()
    return browser.cookies["sessionid"].value

from django.conf import settings
found = {"host": site.host, "platform": settings.PLATFORM_HOST, "enterprise": site.id, "verification": str(uuid)}
with platform_scope():
    found["episode"] = str(LoadWarning.objects.get().episode)
found |= {"paper": str(paper.uuid), "work": str(work.uuid), "announcement": str(announced.uuid)}
found["owner"] = cookie_of(site.host, owner, enterprise_scope(site))
for login, ident in ids.items():
    with platform_scope():
        credential = Credential.objects.get(pk=ident)
    found[login] = cookie_of(settings.PLATFORM_HOST, credential, platform_scope(), **{SECOND_FACTOR: ident})
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


class Person(Screen):
    prefix = "life-"

    def sit(self, cookie: str) -> None:
        self.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "domain": self.origin.split("//")[1].split(":")[0], "path": "/"}]
        )


@pytest.mark.req("R5.7")
def test_a_visit_from_the_question_to_its_end(stage):
    web, known = stage
    page_of = f"/desk/enterprises/{known['enterprise']}"
    with chromium_browser() as browser:
        desk, owner = Person(browser, web, known["platform"]), Person(browser, web, known["host"])
        desk.sit(known["first"])
        owner.sit(known["owner"])
        desk.go(page_of)
        desk.page.fill("#id_reason", "排查导入失败的原因")
        desk.page.get_by_role("button", name="发送申请").click()
        expect(desk.page.get_by_text("等企业负责人同意")).to_be_visible()
        owner.go("/console/company")
        owner.shoot("company-asked", "text=平台运营申请查看管理台")
        owner.page.get_by_role("button", name="同意查看").click()
        expect(owner.page.get_by_text("可以查看本管理台").first).to_be_visible()
        desk.go(page_of)
        desk.shoot("desk-enterprise", "text=进入查看")
        desk.page.get_by_role("button", name="进入查看").click()
        desk.page.wait_for_url("**/console")
        desk.shoot("visitor-console", "text=您正以平台运营身份查看")
        desk.page.get_by_role("button", name="结束查看").first.click()
        expect(desk.page.get_by_role("heading", name="已结束查看")).to_be_visible()
        desk.shoot("visitor-left", "text=回到工作台")
        owner.go("/console/company/visits")
        owner.shoot("company-visits", "text=看了")
        owner.page.get_by_role("link", name="排查导入失败的原因").click()
        owner.shoot("company-visit", "code")
        assert desk.errors + owner.errors == []


def test_pages_on_both_screens(stage):
    web, known = stage
    with chromium_browser() as browser:
        desk, owner, public = (Person(browser, web, known[name]) for name in ("platform", "host", "platform"))
        desk.sit(known["second"])
        owner.sit(known["owner"])
        for who, name, path, wait in (
            (desk, "desk-enterprises", "/desk/enterprises", "table"),
            (desk, "desk-verifications", "/desk/verifications", "table"),
            (desk, "desk-verification", f"/desk/verifications/{known['verification']}", "img.ax-scan"),
            (desk, "desk-announcements", "/desk/announcements", "table"),
            (desk, "desk-announcement-new", "/desk/announcements/new", "main form"),
            (desk, "desk-status", "/desk/status", ".ax-stats"),
            (desk, "desk-incident-new", "/desk/status/new", "main form"),
            (desk, "desk-load", "/desk/load", ".ld-meters"),
            (desk, "desk-load-log", "/desk/load/log", ".ax-list-item"),
            (desk, "desk-load-warning", f"/desk/load/warnings/{known['episode']}", "text=记下处置情况"),
            (desk, "desk-papers", "/desk/site/papers", "table"),
            (desk, "desk-paper-new", "/desk/site/papers/new", "main form"),
            (desk, "desk-paper-renew", f"/desk/site/papers/{known['paper']}/renew", "main form"),
            (desk, "desk-incident", f"/desk/status/{known['work']}", "text=写进展"),
            (desk, "desk-notices", "/desk/notices", "text=凌晨两点"),
            (desk, "desk-facts", "/desk/facts", "main form"),
            (desk, "desk-home", "/desk/", "text=您好"),
            (owner, "company", "/console/company", "text=登记信息"),
            (owner, "company-closing", "/console/company/closing", "text=会发生什么"),
            (owner, "console", "/console", "text=12 月 6 日凌晨系统维护"),
            (owner, "announcements", "/announcements", "text=未读"),
            (owner, "announcement", f"/announcements/{known['announcement']}", "text=凌晨两点"),
            (owner, "enterprise-qualifications", "/qualifications", "text=有效期"),
            (owner, "enterprise-privacy", "/privacy", "text=个人信息处理告知"),
            (public, "status", "/status", ".site-days"),
            (public, "qualifications", "/qualifications", "text=有效期"),
            (public, "privacy-versions", "/privacy/versions", "text=正在使用"),
            (public, "public-announcements", "/announcements", "text=所有企业都能看到"),
            (public, "privacy", "/privacy", "text=历次版本"),
            (public, "landing", "/", ".site-hero"),
        ):
            who.go(path)
            who.shoot(name, wait)
        desk.go(f"/desk/enterprises/{known['enterprise']}")
        desk.page.select_option("#id_cause", "UNPAID")
        desk.page.fill("#id_words", "逾期未缴费，请尽快续费")
        desk.page.get_by_role("button", name="停用", exact=True).click()
        desk.page.locator("dialog[open]").get_by_role("button", name="停用").click()
        expect(desk.page.get_by_text("已停用，一秒内")).to_be_visible()
        owner.page.wait_for_timeout(1100)  # processes look once a second
        owner.go("/console/people")
        owner.shoot("suspended-people", "text=企业的服务已暂停")
        owner.go("/join/none")
        owner.shoot("suspended-refused", "text=服务已暂停")
        assert public.errors == []


def test_what_is_refused_and_what_is_closing_on_both_screens(stage):
    web, known = stage
    with chromium_browser() as browser:
        desk, owner = Person(browser, web, known["platform"]), Person(browser, web, known["host"])
        desk.sit(known["second"])
        owner.sit(known["owner"])
        desk.go(f"/desk/verifications/{known['verification']}")
        desk.page.get_by_role("button", name="初审通过").click()
        desk.shoot("desk-verification-refused", "text=还有核对项没有勾选")
        desk.go("/desk/status/new")
        desk.page.get_by_role("button", name="公布", exact=True).click()
        desk.shoot("desk-incident-refused", "text=请选择受影响的部分")
        desk.go("/desk/announcements/new")
        desk.page.get_by_role("button", name="发布", exact=True).click()
        desk.shoot("desk-announcement-refused", "text=请填写这一项")
        desk.go(f"/desk/verifications/{known['verification']}")
        desk.page.get_by_text("选择原因并退回").click()
        desk.page.get_by_role("button", name="退回企业").click()
        desk.page.get_by_label("扫描件不清晰或不完整").check()
        desk.page.get_by_role("button", name="退回企业").click()
        expect(desk.page.get_by_text("已退回")).to_be_visible()
        owner.go("/console/company/verify")
        owner.shoot("company-verify", "text=上传完成的文件会出现在这里")
        owner.page.get_by_role("button", name="提交核验").click()
        owner.shoot("company-verify-refused", "text=请上传营业执照。")
        desk.go("/desk/enterprises?q=没有这家")
        desk.shoot("desk-enterprises-none", "text=没有符合条件的企业")
        owner.go("/console/company/closing")
        owner.page.get_by_role("button", name="开始注销").click()
        owner.page.locator("dialog[open]").get_by_role("button", name="开始注销").click()
        owner.shoot("company-closing-refused", "text=请先导出并下载企业全部数据")
        owner.page.fill("#id_reason", "公司搬迁，不再使用")
        owner.page.check("#id_no_export")
        owner.page.fill("#id_name", "杭州示范机械有限公司")
        owner.page.fill("#id_password", "Ke-kao-2026")
        owner.page.get_by_role("button", name="开始注销").click()
        owner.page.locator("dialog[open]").get_by_role("button", name="开始注销").click()
        owner.shoot("company-closes", "text=前可以撤销")
        desk.page.wait_for_timeout(1100)  # processes look once a second
        desk.go(f"/desk/enterprises/{known['enterprise']}")
        desk.shoot("desk-enterprise-closing", "text=正在注销")
