"""Certificates in a real browser, on a desktop and a phone: one manager proposes to revoke, another approves, a stranger sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.product import chromium_browser, product
from tests.screens import PASSWORD, Screen
from tests.web import Web

PREPARE = """
import django; django.setup()
import json
from datetime import timedelta
from apps.people.models import Learner, Manager
from apps.plans.certificates import batches, building
from infra.kit import clock
from infra.wiring.celery import app
from tenants.scope import enterprise_scope
from tests.apps.plans.certificates.ground import house
from tests.tenants.ground import open_for_test

app.conf.task_always_eager = True
site, at = open_for_test("certsite"), clock.now()
with enterprise_scope(site):
    home = house(site, 5, at=at - timedelta(days=320))
    for row in [*Manager.objects.select_related("credential"), *Learner.objects.select_related("credential")]:
        row.credential.set_password(PASSWORD)
        row.credential.save()
    made = batches.order_print(kind="SHEETS", ids=[one.id for one in home.papers], origin="http://anxue.localhost", by=home.me, at=at)
    building.work(made.uuid, at=at)
    found = {"host": site.host, "paper": str(home.papers[0].uuid), "code": home.papers[0].code, "number": home.papers[0].number,
             "batch": str(made.uuid)}
print(json.dumps(found))
""".replace("set_password(PASSWORD)", f"set_password({PASSWORD!r})")


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Web, dict[str, Any]]]:
    with product(PREPARE) as served:
        yield served.web, served.known


class Desk(Screen):
    """Somebody before the served product, signed in by password."""

    prefix = "certificates-"

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.req("R4.2", "R4.5")
def test_one_proposes_another_approves_and_a_stranger_sees_it(stage):
    web, known = stage
    url = f"/console/certificates/{known['paper']}"
    with chromium_browser() as browser:
        one, two, learner = (Desk(browser, web, known["host"]) for _n in range(3))
        one.sign_in("13900000001", "/console")
        two.sign_in("13900000002", "/console")
        one.go("/console/certificates")
        expect(one.page.get_by_text(known["number"])).to_be_visible()
        one.shoot("list")
        one.go(f"/console/certificates/batches/{known['batch']}")
        one.shoot("batch")
        one.go(url)
        one.shoot("one")
        one.page.get_by_role("link", name="申请撤销").click()
        one.page.get_by_label("撤销原因").select_option("IMPOSTOR")
        one.page.get_by_label("具体情况").fill("监控显示由他人代为学习，班组长已核实。")
        one.shoot("revoke")
        one.press("提交申请")
        expect(one.page.get_by_text("等另一位管理员审批。", exact=True)).to_be_visible()
        two.go("/console/certificates/revocations")
        two.shoot("revocations")
        two.page.get_by_role("link", name="去审批").click()
        two.shoot("decide")
        two.press("批准撤销")
        two.page.locator("#confirm").get_by_role("button", name="批准撤销").click()
        expect(two.page.get_by_text("证明已撤销，查验页马上显示。")).to_be_visible()
        two.shoot("revoked")
        two.page.goto(f"http://anxue.localhost:{web.port}/verify/{known['code']}")
        expect(two.page.get_by_text("这份证明已撤销，请不要采信")).to_be_visible()
        two.shoot("verify")
        learner.sign_in("13800000000", "/learn")
        learner.go("/learn/archive")
        expect(learner.page.get_by_text("由他人代学代考").first).to_be_visible()
        learner.shoot("archive")
        assert [desk.errors for desk in (one, two, learner)] == [[], [], []]
