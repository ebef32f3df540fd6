"""An enterprise reads its own log: owner and auditor do, nobody else, and nothing of next door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.people import api as people
from apps.people import managing
from apps.people.models import Manager
from infra.kit import clock
from public.audit import api as audit
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.infra.wiring.permission_ground import signed_in

pytestmark = pytest.mark.req("R5.4")


@pytest.fixture
def owner(db: None, jia: Any) -> Client:
    with enterprise_scope(jia):
        return signed_in(jia, people.open_owner(name="安全员", mobile="13900000000", password=None, at=NOON))


@pytest.fixture
def happened(owner: Client, jia: Any) -> None:
    at = clock.now() - timedelta(hours=1)
    with enterprise_scope(jia):
        me = f"manager:{Manager.objects.get().pk}"
        audit.record("plans.opened", actor=me, target="plan:7", at=at, ip="198.51.100.7", reason="年度复训")
        audit.record("people.sign_in_refused", actor="stranger", target="login:ab", at=at, ip="203.0.113.9", result="REFUSED")
        audit.exchanged("file.sent", audit.Direction.OUT, actor=me, target="page:x", at=at, party=me, what="console-people")
        audit.record("plans.opened", actor=me, target="plan:1", at=at - timedelta(days=90), reason="很久以前")


@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("", True), ("?q=安全员", True), ("?q=198.51.100.7", True), ("?q=没有此人", False), ("?q=plan:7", True), ("?by=999", False),
        ("?by=x", True), ("?moved=OUT", False), ("?result=REFUSED", False), ("?since=2020-01-01&until=2020-02-01", False),
        ("?since=x", True), ("?after=x", True),
    ],
)  # fmt: skip
def test_finds_by_every_filter_and_survives_nonsense(owner, happened, query, sees):
    answer = owner.get(f"/console/log{query}")
    assert answer.status_code == 200
    assert ("年度复训" in answer.content.decode()) is sees


def test_who_signed_in_is_called_by_name_and_found_by_it(owner, happened, jia):
    with enterprise_scope(jia):
        me = Manager.objects.get()
        audit.record("people.signed_in", actor=f"credential:{me.credential_id}", target=f"credential:{me.credential_id}", at=clock.now(),
                     reason="第一次")  # fmt: skip
    for query in ("", "?q=安全员", f"?by={me.pk}"):
        html = owner.get(f"/console/log{query}").content.decode()
        assert "第一次" in html, query
        assert f'操作人">credential:{me.credential_id}<' not in html


def test_no_code_is_shown_raw(owner, happened, jia):
    with enterprise_scope(jia):
        audit.exchanged(
            "file.received",
            audit.Direction.IN,
            actor="system",
            target="upload:x",
            at=clock.now(),
            party="system",
            what="evidence",
        )
    html = owner.get("/console/log").content.decode()
    for words, code in (("证明材料", ">evidence<"), ("未登录的人", ">stranger<"), (">系统<", ">system<")):
        assert words in html
        assert code not in html


def test_without_a_day_it_looks_at_a_month(owner, happened):
    assert "很久以前" not in owner.get("/console/log").content.decode()
    assert "很久以前" in owner.get("/console/log?since=2020-01-01").content.decode()


def test_the_neighbour_reads_nothing_of_it(owner, happened, yi):
    with enterprise_scope(yi):
        next_door = signed_in(yi, people.open_owner(name="邻居", mobile="13700000008", password=None, at=NOON))
    html = next_door.get("/console/log?since=2020-01-01").content.decode()
    assert "年度复训" not in html
    assert "203.0.113.9" not in html


@pytest.mark.parametrize(("role", "code"), [("TRAINING", 403), ("TRAINER", 403), ("AUDITOR", 200)])
def test_the_auditor_reads_it_and_others_do_not(owner, happened, jia, role, code):
    with enterprise_scope(jia):
        me = Manager.objects.get()
        row = managing.invite(name="管理员", mobile="13900000077", role=role, unit_id=None, by=me.pk, at=NOON)
        browser = signed_in(jia, row.credential)
    assert browser.get("/console/log").status_code == code


def test_a_page_costs_the_same_few_queries_however_many_there_are(owner, happened, jia):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.get("/console/log").status_code == 200
        return len(captured)

    owner.get("/console/log")  # the first page of a session also notes the device
    few = cost()
    with enterprise_scope(jia):
        me = f"manager:{Manager.objects.get().pk}"
        for n in range(30):
            audit.record("plans.opened", actor=me, target=f"plan:{n}", at=clock.now())
    assert cost() == few
