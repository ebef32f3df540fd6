"""The enterprise's own pages about its life on the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.people import managing
from apps.people.company.forms import ClosingForm
from apps.people.models import Manager
from apps.people.retention import order_views
from billing.models import Subscription
from infra.kit import clock
from public.audit import api as audit
from public.lifecycle.models import Closure, Verification, Visit
from public.retention.models import Order
from tenants import sites
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import browser
from tests.conftest import NOON
from tests.public.lifecycle.ground import hand_in, owner, visit
from tests.public.rights.ground import scan

PASSWORD = "Ke-kao-2026"


def colleague(site: Any, role: str) -> Any:
    owner(site)
    with enterprise_scope(site):
        me = Manager.objects.get(role="OWNER")
        return managing.invite(name="安全员乙", mobile="13900000002", role=role, unit_id=None, by=me.pk, at=NOON).credential


@pytest.mark.req("R5.7")
def test_papers_are_handed_in_from_the_console(db, jia):
    mine = browser(jia, owner(jia))
    with platform_scope():
        upload = scan(1, provider_schema=jia.schema_name)
    arrived = mine.post("/console/company/verify/arrived?kind=LICENCE", {"upload": str(upload)})
    assert f"LICENCE:{upload}" in arrived.content.decode()
    said = {"name": jia.name, "uscc": jia.uscc, "paper": [f"LICENCE:{upload}"]}
    wrong = mine.post("/console/company/verify", {**said, "uscc": "91330106MA2BKXT394"})
    assert wrong.status_code == 422
    assert f"LICENCE:{upload}" in wrong.content.decode(), "what was chosen is kept"
    assert mine.post("/console/company/verify", said).status_code == 302
    with platform_scope():
        row = Verification.objects.get(enterprise_id=jia.id)
    shown = mine.get("/console/company").content.decode()
    assert "待初审" in shown
    assert mine.get("/console/company/verify")["Location"] == "/console/company", "the next round waits for an answer"
    paper = mine.get(f"/console/company/papers/{row.uuid}/{upload}")
    assert paper.status_code == 200
    assert paper["Content-Disposition"].startswith("attachment")


def test_the_neighbour_sees_neither_papers_nor_visits(db, jia, yi):
    uuid, row = hand_in(jia), visit(jia)
    with platform_scope():
        upload = Verification.objects.get(uuid=uuid).papers.get().upload
    theirs = browser(yi, owner(yi))
    assert theirs.get(f"/console/company/papers/{uuid}/{upload}").status_code == 404
    assert theirs.get(f"/console/company/visits/{row.uuid}").status_code == 404
    assert theirs.post(f"/console/company/visits/{row.uuid}/end").status_code == 404
    assert row.reason not in theirs.get("/console/company/visits").content.decode()
    with platform_scope():
        assert Visit.objects.get(pk=row.pk).state == "GRANTED"


def test_only_the_owner_gives_leave_and_closes(db, jia):
    row = visit(jia, allow=None, at=clock.now())
    other = browser(jia, colleague(jia, Manager.Role.TRAINING))
    assert "由企业负责人决定" in other.get("/console/company").content.decode()
    assert other.post(f"/console/company/visits/{row.uuid}/decide", {"allow": "1"}).status_code == 403
    assert other.get("/console/company/closing").status_code == 403
    with platform_scope():
        assert Visit.objects.get(pk=row.pk).state == "ASKED"
    assert browser(jia, owner(jia)).post(f"/console/company/visits/{row.uuid}/decide", {"allow": "1"}).status_code == 302
    with platform_scope():
        assert Visit.objects.get(pk=row.pk).state == "GRANTED"


def closing_form(site: Any, **changes: str) -> dict[str, str]:
    return {"reason": "公司搬迁，不再使用", "name": site.name, "password": PASSWORD, **changes}


@pytest.mark.req("R4.6")
@pytest.mark.parametrize(
    "changes",
    [{"name": "别的名称"}, {"password": "wrong-1234"}, {"reason": "无"}, {}],
    ids=["name", "password", "reason", "no export"],
)
def test_closing_asks_for_reason_name_password_and_the_export(db, jia, changes):
    mine = browser(jia, owner(jia))
    more = {} if not changes else {"no_export": "on"}
    assert mine.post("/console/company/closing", closing_form(jia, **more, **changes)).status_code == 422
    with platform_scope():
        assert not Closure.objects.exists()
        assert Enterprise.objects.get(pk=jia.id).status == "ACTIVE"


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("甲（杭州）有限公司", True), (" 甲(杭州) 有限公司", True), ("甲有限公司", False), ("甲（杭州）有限公司分公司", False)],
)
def test_the_name_is_typed_with_whatever_brackets_the_keyboard_has(typed, fits):
    said = {"reason": "公司搬迁，不再使用", "name": typed, "password": PASSWORD}
    assert ClosingForm(said, expected="甲（杭州）有限公司", has_export=True).is_valid() == fits


@pytest.mark.req("R4.6")
def test_closing_with_the_package_taken_along_is_undone_by_the_owner(db, jia):
    credential, now = owner(jia), clock.now()
    with enterprise_scope(jia):
        order = Order.objects.create(
            kind="EXPORT",
            state="DONE",
            by="manager:1",
            by_name="安全员",
            at=now,
            rung_at=now,
            expires_at=now,
            sha256="b" * 64,
            size=9,
        )
    mine = browser(jia, credential)
    assert "还没有下载导出包" in mine.get("/console/company/closing").content.decode(), "made is not taken"
    with enterprise_scope(jia):
        audit.record("retention.export_taken", actor="manager:1", target=f"order:{order.uuid}", at=now)
    assert "导出包已下载" in mine.get("/console/company/closing").content.decode()
    assert mine.post("/console/company/closing", closing_form(jia)).status_code == 302
    with platform_scope():
        made = Closure.objects.get(enterprise_id=jia.id)
    assert (made.export, made.export_sha256) == (order.uuid, "b" * 64)
    assert sites.resolve(jia.host).status == "CLOSING"
    shown = mine.get("/console").content.decode()
    assert "企业正在注销" in shown
    assert mine.post("/console/company/closing/undo", {"reason": "继续使用"}).status_code == 302
    assert sites.resolve(jia.host).status == "ACTIVE"
    assert order_views.PASSWORD_TRIES


def test_the_page_says_until_when_the_service_runs_and_who_renews_it(db, jia, yi):
    mine, now = browser(jia, owner(jia)), clock.now()
    with platform_scope():
        Subscription.objects.filter(enterprise__schema_name=jia.schema_name).delete()
        row = Enterprise.objects.get(schema_name=jia.schema_name)
        Subscription.objects.create(enterprise=row, plan="TRIAL", started_at=now, ends_at=now + timedelta(days=12, hours=1))
    page = mine.get("/console/company").content.decode()
    assert "还剩 12 天" in page
    assert "/help/tickets/new" in page
    with platform_scope():
        Subscription.objects.filter(enterprise=row).update(started_at=now - timedelta(days=30), ends_at=now - timedelta(hours=1))
    ended = mine.get("/console/company").content.decode()
    assert ("已结束" in ended, "还剩" in ended) == (True, False)
    with platform_scope():
        Subscription.objects.filter(enterprise__schema_name=yi.schema_name).delete()
    assert "还剩" not in browser(yi, owner(yi)).get("/console/company").content.decode()
