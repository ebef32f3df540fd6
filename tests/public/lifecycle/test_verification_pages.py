"""The desk's pages of companies' papers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infra.kit import clock
from public.audit.models import AuditEvent
from public.lifecycle.models import Verification
from public.lifecycle.rules import LOOKS
from tenants.models import Enterprise
from tests.public.desk import HOST, inside
from tests.public.lifecycle.ground import desk, hand_in

pytestmark = pytest.mark.req("R5.7")


@pytest.fixture
def first(platform: None) -> Client:
    return inside(desk("first").me.credential_id)


def state_of(uuid: Any) -> str:
    return str(Verification.objects.get(uuid=uuid).state)


def test_two_people_pass_papers_on_the_page(first, jia):
    uuid = hand_in(jia)
    page = f"/desk/verifications/{uuid}"
    assert jia.name in first.get("/desk/verifications").content.decode()
    shown = first.get(page).content.decode()
    assert "初审通过" in shown
    half = first.post(f"{page}/pass", {"looks": list(LOOKS[1:])})
    assert half.status_code == 422
    assert "还有核对项没有勾选" in half.content.decode()
    assert first.post(f"{page}/pass", {}).status_code == 422
    assert state_of(uuid) == "SUBMITTED"
    assert first.post(f"{page}/pass", {"looks": list(LOOKS), "note": "执照副本"}).status_code == 302
    assert "复核须由另一位同事办理" in first.get(page).content.decode()
    assert first.post(f"{page}/pass", {"looks": list(LOOKS)}).status_code == 403
    assert state_of(uuid) == "CHECKED"
    second = inside(desk("second").me.credential_id)
    assert "执照副本" in second.get(page).content.decode()
    assert second.post(f"{page}/pass", {"looks": list(LOOKS)}).status_code == 302
    assert Enterprise.objects.get(pk=jia.id).verified_at is not None
    assert jia.name not in first.get("/desk/verifications").content.decode()
    assert jia.name in first.get("/desk/verifications?state=APPROVED").content.decode()


def test_a_code_that_another_has_by_now_is_said_on_the_page(first, jia, yi):
    uuid = hand_in(jia)
    Verification.objects.filter(uuid=uuid).update(uscc=yi.uscc)  # the neighbour signed up with it meanwhile
    page = f"/desk/verifications/{uuid}"
    assert first.post(f"{page}/pass", {"looks": list(LOOKS)}).status_code == 302
    refused = inside(desk("second").me.credential_id).post(f"{page}/pass", {"looks": list(LOOKS)})
    assert (refused.status_code, "已属于另一家企业" in refused.content.decode()) == (422, True)
    assert (state_of(uuid), Enterprise.objects.get(pk=jia.id).verified_at) == ("CHECKED", None)


def test_refusing_asks_for_reasons_and_shows_them(first, jia):
    uuid = hand_in(jia)
    page = f"/desk/verifications/{uuid}"
    assert first.post(f"{page}/refuse", {"words": "看不清"}).status_code == 422
    assert first.post(f"{page}/refuse", {"reasons": ["OTHER"], "words": ""}).status_code == 422
    assert first.post(f"{page}/refuse", {"reasons": ["NOPE"]}).status_code == 422
    assert state_of(uuid) == "SUBMITTED"
    assert first.post(f"{page}/refuse", {"reasons": ["UNREADABLE"], "words": "公章看不清"}).status_code == 302
    assert "公章看不清" in first.get(page).content.decode()
    assert "未通过" in first.get(f"/desk/enterprises/{jia.id}").content.decode()


@pytest.mark.req("R5.4")
def test_a_look_at_a_paper_is_in_the_enterprises_log(first, jia):
    uuid = hand_in(jia)
    upload = Verification.objects.get(uuid=uuid).papers.get().upload
    answer = first.get(f"/desk/verifications/{uuid}/papers/{upload}")
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="enterprise.paper_seen", schema_name=jia.schema_name).count() == 1
    assert first.get(f"/desk/verifications/{uuid}/papers/00000000-0000-0000-0000-000000000000").status_code == 404
    history = first.get(f"/desk/enterprises/{jia.id}").content.decode()
    assert "提交核验材料" in history
    assert "paper_seen" not in history, "looks are in the log; what was done is on the page"


@pytest.mark.parametrize(
    ("query", "sees"),
    [("", True), ("?q=甲机械", True), ("?q=没有这家", False), ("?state=CHECKED", False), ("?state=all", True), ("?state=x", True),
     ("?sort=-name", True), ("?sort=x&page=99", True)],
)  # fmt: skip
def test_finds_by_every_filter(first, jia, query, sees):
    hand_in(jia)
    page = first.get(f"/desk/verifications{query}")
    assert page.status_code == 200
    assert (jia.name in page.content.decode()) == sees


def test_the_list_costs_the_same_however_many_wait_and_is_given_as_a_file(first, jia):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            first.get("/desk/verifications")
        return len(seen)

    hand_in(jia)
    cost()
    few = cost()
    for n in range(12):
        row = Enterprise.objects.create(
            schema_name=f"e_wait{n}", name=f"温州等待企业{n:03d}", uscc=f"WAIT{n}", subdomain=f"wait-{n}", subdomain_skeleton=f"wait{n}",
            industry_code="C", hazard="GENERAL", division_code="330302", created_at=clock.now(),
        )  # fmt: skip
        Verification.objects.create(
            enterprise=row, round=1, name=row.name, uscc=row.uscc, by="manager:1", by_name="安全员", at=clock.now()
        )
    assert cost() == few
    assert first.get("/desk/verifications?export=xlsx").content[:2] == b"PK"


def test_strangers_are_sent_to_the_door(platform, jia):
    uuid = hand_in(jia)
    stranger = Client(HTTP_HOST=HOST)
    for path in (f"/desk/verifications/{uuid}", "/desk/verifications"):
        assert stranger.get(path)["Location"].startswith("/desk/sign-in")
