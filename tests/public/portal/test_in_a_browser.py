"""In a real browser: an authority sees its own division, asks an enterprise to mend something, the enterprise answers, it is accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from infra.kit import clock
from tests.product import Served, chromium_browser, product, run
from tests.screens import PASSWORD as MANAGERS
from tests.screens import Screen

SECRET, PASSWORD, MOBILE = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "Sao-chu-ying-1", "13800000078"
PREPARE = f"""
import django; django.setup()
import json, uuid
from datetime import timedelta
from django.conf import settings
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from public.portal import counting
from public.regulators import api as regulators
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.tenants.ground import open_for_test

at = clock.now()
site, other = open_for_test("zhenggai"), open_for_test("linqu")
with platform_scope():
    Enterprise.objects.filter(schema_name=other.schema_name).update(division_code="330203")
    for login, prefix, name in (("hangzhou", "3301", "杭州市应急管理局"), ("ningbo", "3302", "宁波市应急管理局")):
        regulators.open_regulator(login=login, name="监管员甲", password={PASSWORD!r}, organisation=name, division_prefix=prefix, at=at,
                                  totp_secret={SECRET!r})
with enterprise_scope(site):
    people.open_owner(name="安全员", mobile={MOBILE!r}, password={MANAGERS!r}, at=at)
    someone = ground.learner(8, "学员甲")
    ground.open_plan(plans.Who("picked", learner_ids=[someone.id]))
    for n in range(48):
        who = uuid.uuid4()
        regulators.submit(kind="LEARNER", subject=who, body={{"name": "学**", "status": "ACTIVE"}}, at=at)
        for month in range(n % 13):
            then = at - timedelta(days=30 * month)
            regulators.submit(kind="SESSION", subject=who, body={{"effective_ms": 2_700_000 + n * 60_000}}, at=then)
            regulators.submit(kind="EXAM", subject=who, body={{"passed": n % 4 > 0}}, at=then)
with platform_scope():
    counting.count_now(at=at)
print(json.dumps({{"host": site.host, "platform": settings.PLATFORM_HOST}}))
"""


CHECK = """
import django; django.setup()
from infra.kit import clock
from public.uploads import checking
from public.uploads.models import Upload
from tenants.scope import platform_scope

with platform_scope():
    for row in Upload.objects.filter(state="CHECKING"):
        checking.check(upload=row.uuid, at=clock.now())
"""
"""What a worker does; none stands beside this web."""


def picture() -> bytes:
    """A small PNG."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with product(PREPARE) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium_browser() as found:
        yield found


class Authority(Screen):
    """Somebody of an authority."""

    prefix = "portal-"

    def enter(self, login: str) -> None:
        """Pass both steps of signing in."""
        self.go("/desk/sign-in?next=/regulator/statistics")
        self.page.fill("#id_login", login)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/desk/code")
        self.page.fill("#id_code", pyotp.TOTP(SECRET).now())
        self.page.wait_for_url("**/regulator/statistics")


class Manager(Screen):
    """The enterprise's owner."""

    prefix = "portal-console-"


@pytest.mark.req("R7.1")
def test_an_authority_asks_an_enterprise_of_its_own_division_and_accepts_what_was_mended(served, browser):
    mine, theirs = (Authority(browser, served.web, served.known["platform"]) for _n in range(2))
    owner = Manager(browser, served.web, served.known["host"])
    mine.enter("hangzhou")
    mine.shoot("statistics", "text=近 12 个月参训人数")
    mine.go("/regulator/enterprises?q=zhenggai")
    mine.shoot("enterprises")
    mine.page.get_by_role("link", name="试验企业 zhenggai").click()
    mine.shoot("enterprise", "text=新员工专项培训")
    mine.page.get_by_role("link", name="新员工专项培训").click()
    expect(mine.page.get_by_text("学**", exact=True)).to_be_visible()
    mine.shoot("training")
    mine.page.go_back()
    mine.page.get_by_role("link", name="发出整改通知").click()
    mine.page.fill("#id_title", "焊工未做复训")
    mine.page.fill("#id_found", "抽查发现两名焊工的年度再培训没有完成。")
    mine.page.fill("#id_basis", "《安全生产法》第二十八条")
    mine.page.fill("#id_due_on", (clock.shanghai_date(clock.now()) + timedelta(days=14)).isoformat())
    pictures = [{"name": name, "mimeType": "image/png", "buffer": picture()} for name in ("现场一.png", "现场二.png")]
    mine.page.set_input_files("[data-upload-input]", [*pictures, {"name": "空.png", "mimeType": "image/png", "buffer": b""}])
    expect(mine.page.get_by_text("正在检查文件")).to_be_visible()
    mine.page.get_by_role("button", name="发出", exact=True).click()  # the notice waits for its files
    expect(mine.page.get_by_text("文件还没有传完")).to_be_visible()
    chosen = mine.page.locator("[data-upload-list] li")
    for n in (1, 2):
        run(served.environment, "-c", CHECK)
        expect(chosen.nth(n - 1)).to_be_visible()
    expect(chosen.nth(2)).to_contain_text("0 字节")  # one that is refused stops none of the others
    assert [one for one in mine.errors if "422" not in one] == []
    mine.errors.clear()  # the refusal was the browser's to tell
    mine.shoot("ask")
    mine.page.get_by_role("button", name="发出", exact=True).click()
    expect(mine.page.get_by_role("heading", name="焊工未做复训")).to_be_visible()
    where = mine.page.url

    theirs.quiet = True
    theirs.enter("ningbo")
    theirs.go("/regulator/enterprises")
    expect(theirs.page.get_by_text("试验企业 zhenggai")).to_have_count(0)
    answer = theirs.page.goto(where)
    assert answer is not None
    assert answer.status == 404

    owner.sign_in(MOBILE, "/console")
    owner.go("/console/rectifications")
    owner.shoot("list", "text=焊工未做复训")
    owner.page.get_by_role("link", name="焊工未做复训").click()
    with owner.page.expect_download() as taken:
        owner.page.get_by_role("link", name="现场一.png", exact=True).click()
    assert taken.value.path().read_bytes() == picture()
    owner.page.set_input_files("[data-upload-input]", {"name": "签到表.png", "mimeType": "image/png", "buffer": picture()})
    expect(owner.page.get_by_text("正在检查文件")).to_be_visible()
    done = owner.page.locator("[data-upload]").get_attribute("data-done-url")
    owner.page.route(f"**{done}", lambda route: route.abort(), times=1)  # the network is away just when the file is there
    run(served.environment, "-c", CHECK)
    owner.page.get_by_role("button", name="继续", exact=True).click()
    owner.errors.clear()
    expect(owner.page.get_by_role("link", name="签到表.png", exact=True)).to_be_visible()
    owner.page.fill("#id_text", "两名焊工已完成复训并考试合格，到期前两个月自动提醒。")
    owner.shoot("notice")
    owner.page.get_by_role("button", name="提交", exact=True).click()
    expect(owner.page.get_by_text("等待监管部门复核").first).to_be_visible()

    mine.go("/regulator/rectifications?show=answered")
    mine.shoot("notices", "text=焊工未做复训")
    mine.page.get_by_role("link", name="焊工未做复训").click()
    mine.shoot("notice", "text=到期前两个月自动提醒")
    expect(mine.page.get_by_role("link", name="签到表.png", exact=True)).to_be_visible()
    mine.page.get_by_role("button", name="通过", exact=True).click()
    expect(mine.page.get_by_text("已通过").first).to_be_visible()
    mine.shoot("accepted")
    owner.go("/console/rectifications?show=closed")
    expect(owner.page.get_by_text("已通过")).to_be_visible()
    mine.go("/regulator/verify")
    mine.shoot("verify")
    assert mine.errors + owner.errors == []
