"""Cases in second instance: who brings, sees and decides them; a decision is final."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from infra.kit.errors import DomainError
from public.appeals import evidence, queries, services
from public.appeals.models import Case
from public.audit.models import AuditEvent
from public.operators import api as operators
from tenants.scope import enterprise_scope, platform_scope
from tests.public.desk import desk

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ME = operators.Me(7, "运营甲", "OPERATIONS")


def bring(**changes: object) -> UUID:
    """Bring a case from within an enterprise."""
    copy = {
        "session": uuid4(),
        "session_opened_at": NOON - timedelta(hours=1),
        "learner": "学**",
        "course": "班组安全",
        "lesson": "第一课",
        "duration_ms": 600_000,
        "void_code": "interaction_timeout",
        "void_reason": "在场核验超时未答",
        "void_ms": 300_000,
        "void_at": NOON,
        "evidence": {"kind": "code", "issued": NOON.isoformat(), "tries": 1, "heard": True},
        "words": "当时在接电话",
        "first_reason": "没有凭据",
        "first_at": NOON,
        "second_words": "",
        **changes,
    }
    return services.open_case(uuid=uuid4(), at=NOON, **copy).uuid


@pytest.fixture
def case(db, jia) -> UUID:
    with enterprise_scope(jia):
        return bring()


def decide(case: UUID, **changes: object) -> None:
    order = {"restore": True, "reason": "证据不足", "me": ME, "at": NOON, "ip": "10.0.0.1", **changes}
    with platform_scope():
        services.decide(case=case, **order)


@pytest.mark.parametrize(("restore", "state"), [(True, "RESTORED"), (False, "UPHELD")])
def test_operations_decide_with_a_reason_and_leave_a_trace(case, restore, state, jia):
    decide(case, restore=restore)
    with platform_scope():
        row = Case.objects.get(uuid=case)
        assert (row.state, row.reason, row.decided_by, row.told_at) == (state, "证据不足", "operator:7", None)
        assert AuditEvent.objects.get(target=f"appeal:{case}").schema_name == jia.schema_name


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "  "}, "reason_missing"),
        ({"me": operators.Me(8, "审核员甲", "REVIEWER")}, "forbidden"),
    ],
)
def test_refuses_without_reason_or_right_and_changes_nothing(case, changes, code):
    with pytest.raises(DomainError) as refusal:
        decide(case, **changes)
    assert refusal.value.code == code
    with platform_scope():
        assert Case.objects.get(uuid=case).state == "OPEN"


def test_a_second_decision_is_refused(case):
    decide(case)
    with pytest.raises(DomainError) as refusal:
        decide(case, restore=False, reason="反悔")
    assert refusal.value.code == "decided"
    with platform_scope():
        assert Case.objects.get(uuid=case).state == "RESTORED"


def test_an_enterprise_cannot_decide_or_change_its_case(case, jia):
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE appeals_case SET state = 'RESTORED', reason = 'x', decided_at = now()")
    with enterprise_scope(jia):
        assert queries.case(case).state == "OPEN"


def test_an_enterprise_cannot_bring_a_case_that_is_decided_already(db, jia):
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic():
        bring(state="RESTORED", reason="自己裁定", decided_at=NOON)
    with platform_scope():
        assert not Case.objects.exists()


def test_the_neighbour_sees_nothing(case, yi):
    with enterprise_scope(yi):
        assert queries.case(case) is None
        assert not queries.listing(state="ALL").exists()


def test_lists_by_time_left_with_search_and_state(db, jia, yi):
    with enterprise_scope(jia):
        late = bring(course="用电安全")
    with enterprise_scope(yi):
        early = bring()
    with platform_scope():
        Case.objects.filter(uuid=early).update(due_at=NOON)
        assert [row.uuid for row in queries.listing()] == [early, late]
        assert [row.uuid for row in queries.listing(text="用电")] == [late]
        assert [row.uuid for row in queries.listing(text=yi.name)] == [early]
        assert [row.uuid for row in queries.listing(state="RESTORED")] == []
        assert [row.uuid for row in queries.listing(sort="-due")] == [late, early]


def test_the_desk_shows_the_case_and_takes_one_decision(case):
    with platform_scope():
        browser = desk("OPERATIONS")
        assert "待裁定申诉" in browser.get("/desk/").content.decode()
        assert "班组安全" in browser.get("/desk/appeals").content.decode()
        page = browser.get(f"/desk/appeals/{case}").content.decode()
        assert "当时在接电话" in page
        assert "没有凭据" in page
        assert browser.post(f"/desk/appeals/{case}/decide", {"decision": "restore", "reason": ""}).status_code == 422
        assert browser.post(f"/desk/appeals/{case}/decide", {"decision": "restore", "reason": "证据不足"}).status_code == 302
        assert browser.post(f"/desk/appeals/{case}/decide", {"decision": "uphold", "reason": "反悔"}).status_code == 409
        assert "恢复学时" in browser.get(f"/desk/appeals/{case}").content.decode()
        assert "没有等待裁定的申诉" in browser.get("/desk/appeals").content.decode()


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_see_no_case(case, role):
    with platform_scope():
        browser = desk(role)
        assert browser.get("/desk/appeals").status_code == 403
        assert browser.get(f"/desk/appeals/{case}").status_code == 403
        assert browser.post(f"/desk/appeals/{case}/decide", {"decision": "restore", "reason": "好"}).status_code == 403
        assert Case.objects.get(uuid=case).state == "OPEN"


def test_evidence_is_put_into_words_and_strange_values_are_left_out():
    told = evidence.facts(
        {
            "kind": "code",
            "issued": NOON.isoformat(),
            "shown": None,
            "tries": 2,
            "position_ms": 65_000,
            "heard": False,
            "digests": ["ab"],
        }
    )
    assert [(fact.label, fact.text) for fact in told] == [
        ("核验方式", "验证码和知识题"),
        ("发出核验", "2026-11-23 12:00:00"),
        ("页面显示核验", "没有显示过"),
        ("应答次数", "2 次"),
        ("播放到", "01:05"),
        ("核验发出后页面", "没有联系，可能断网"),
    ]
    assert evidence.facts({"issued": "never", "tries": "x", "heard": 1, "position_ms": None}) == []
