"""An operator looks around by leave of the owner only, reads only, is seen, and is out when it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, TestCase

from apps.people.models import Learner, Unit
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.lifecycle import visiting
from public.lifecycle.models import Visit
from tenants import sites
from tenants.accounts.models import Credential
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.certificates.ground import house
from tests.apps.plans.ground import browser
from tests.conftest import NOON
from tests.public.desk import inside
from tests.public.lifecycle.ground import by, desk, owner, told, visit

pytestmark = pytest.mark.req("R5.7")


def refusal_of(act: Any) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught, platform_scope(), transaction.atomic():
        act()
    return caught.value.code, caught.value.status


def came_in(site: Any) -> tuple[Client, Visit]:
    """A visitor's browser, let in just now."""
    row = visit(site, at=clock.now() - timedelta(minutes=2))
    with platform_scope():
        _subdomain, ticket = visiting.ticket(visit=row.uuid, desk=desk("first", clock.now()))
    client = Client(HTTP_HOST=site.host)
    answer = client.get(f"/visit?ticket={ticket}")
    assert (answer.status_code, answer["Location"]) == (302, "/console")
    return client, row


def test_without_leave_there_is_no_ticket_and_the_owner_is_told(db, jia):
    owner(jia)
    with TestCase.captureOnCommitCallbacks(execute=True):
        row = visit(jia, allow=None)
    assert told(jia) == ["company.visit_asked"]
    assert refusal_of(lambda: visiting.ticket(visit=row.uuid, desk=desk())) == ("not_granted", 403)
    with platform_scope():
        visiting.decide(enterprise_id=jia.id, visit=row.uuid, allow=False, by=by(jia))
    assert refusal_of(lambda: visiting.ticket(visit=row.uuid, desk=desk())) == ("not_granted", 403)


def test_leave_is_given_within_the_enterprise_only_and_once(db, jia, yi):
    row = visit(jia, allow=None)
    assert refusal_of(lambda: visiting.decide(enterprise_id=yi.id, visit=row.uuid, allow=True, by=by(yi))) == ("not_found", 404)
    assert (
        refusal_of(
            lambda: visiting.decide(enterprise_id=jia.id, visit=row.uuid, allow=True, by=by(jia, NOON + timedelta(days=4)))
        )[0]
        == "decided"
    )
    with platform_scope():
        assert Visit.objects.get(pk=row.pk).state == "ASKED"
        visiting.decide(enterprise_id=jia.id, visit=row.uuid, allow=True, by=by(jia))
    assert refusal_of(lambda: visiting.decide(enterprise_id=jia.id, visit=row.uuid, allow=False, by=by(jia)))[0] == "decided"
    with platform_scope(), pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=row.pk).update(decided_by="operator:1")


def test_only_who_asked_enters_once_by_a_ticket_and_not_next_door(db, jia, yi):
    row = visit(jia)
    assert refusal_of(lambda: visiting.ticket(visit=row.uuid, desk=desk("second"))) == ("other_visitor", 403)
    now = NOON + timedelta(minutes=2)
    with platform_scope():
        _subdomain, ticket = visiting.ticket(visit=row.uuid, desk=desk("first", now))
    enter = {"ticket": ticket, "ip": ""}
    assert refusal_of(lambda: visiting.enter(enterprise_id=yi.id, at=now, **enter))[0] == "ticket_gone"
    assert refusal_of(lambda: visiting.enter(enterprise_id=jia.id, at=now + timedelta(seconds=61), **enter))[0] == "ticket_gone"
    assert refusal_of(lambda: visiting.enter(enterprise_id=jia.id, at=now, ticket="", ip=""))[0] == "ticket_gone"
    with platform_scope():
        assert visiting.enter(enterprise_id=jia.id, at=now, **enter).holds(now)
    assert refusal_of(lambda: visiting.enter(enterprise_id=jia.id, at=now, **enter))[0] == "ticket_gone"


def test_the_visitor_reads_as_an_auditor_and_changes_nothing(db, jia):
    client, row = came_in(jia)
    page = client.get("/console/people")
    assert page.status_code == 200
    assert "您正以平台运营身份查看" in page.content.decode()
    with enterprise_scope(jia):
        before = (Learner.objects.count(), Unit.objects.count())
    for path, data in (
        ("/console/units/add", {"name": "新部门"}),
        ("/console/people/add", {"name": "学员丙"}),
        ("/console/company/closing", {}),
    ):
        answer = client.post(path, data)
        assert answer.status_code == 403, path
        assert "只能查看" in answer.content.decode(), path
    with enterprise_scope(jia):
        assert (Learner.objects.count(), Unit.objects.count()) == before
    assert client.get("/console/identity").status_code == 403, "no faces"
    assert client.get("/console/sign-in").status_code == 403, "not what only owners see"
    assert row.pages == 0, "counted where pages are seen, not when leave is given"


def test_no_file_leaves_with_a_visitor(db, jia):
    client, _row = came_in(jia)
    assert client.get("/console/retention").status_code == 200
    answer = client.get("/console/retention?export=xlsx")
    assert answer.status_code == 403
    assert "不能下载" in answer.content.decode()
    assert not answer.get("Content-Disposition", "")
    with enterprise_scope(jia):
        assert not AuditEvent.objects.filter(action="file.sent").exists(), "what did not leave is not said to have left"
    assert browser(jia, owner(jia)).get("/console/retention?export=xlsx").content[:2] == b"PK", "managers may"


def test_a_certificate_that_browsers_show_leaves_no_more_than_one_that_is_saved(in_jia):
    home = house(in_jia, 1)
    client, _row = came_in(in_jia)
    path = f"/learn/certificates/{home.papers[0].uuid}.pdf"
    assert home.one.get(path)["Content-Type"] == "application/pdf"
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (403, "text/html")
    with enterprise_scope(in_jia):
        assert AuditEvent.objects.filter(action="file.sent").count() == 1, "the manager's own"


@pytest.mark.req("R5.4")
def test_every_page_is_in_the_enterprises_log_without_what_was_searched_for(db, jia, yi):
    client, row = came_in(jia)
    client.get("/console/people?q=张三")
    with enterprise_scope(jia):
        seen = AuditEvent.objects.filter(target=f"visit:{row.uuid}")
        assert sorted(seen.values_list("action", flat=True)) == ["visit.entered", "visit.page_seen"]
        (event,) = seen.filter(action="visit.page_seen")
        assert event.details["path"] == "/console/people"
        assert event.actor == f"operator:{row.operator_id}"
    with enterprise_scope(yi):
        assert not AuditEvent.objects.filter(target=f"visit:{row.uuid}").exists(), "the neighbour sees nothing"
    shown = browser(jia, owner(jia)).get(f"/console/company/visits/{row.uuid}").content.decode()
    assert "/console/people" in shown
    assert browser(yi, owner(yi)).get(f"/console/company/visits/{row.uuid}").status_code == 404


def test_a_page_that_refreshes_itself_is_one_look_a_minute(db, jia):
    _client, row = came_in(jia)
    at = clock.now()
    with platform_scope():
        for seconds in range(0, 120, 10):
            for path in ("/console/live", "/console/people"):
                visiting.saw(row, path=path, status=200, at=at + timedelta(seconds=seconds), ip="")
        assert Visit.objects.get(pk=row.pk).pages == 4
    with enterprise_scope(jia):
        seen = AuditEvent.objects.filter(target=f"visit:{row.uuid}", action="visit.page_seen")
        assert sorted(event.details["path"] for event in seen) == ["/console/live"] * 2 + ["/console/people"] * 2


def test_the_enterprise_sees_it_on_every_page_and_ends_it_at_once(db, jia):
    client, row = came_in(jia)
    mine = browser(jia, owner(jia))
    assert "可以查看本管理台" in mine.get("/console/units").content.decode()
    assert mine.post(f"/console/company/visits/{row.uuid}/end").status_code == 302
    assert client.get("/console/people")["Location"].startswith("/sign-in")
    assert "可以查看本管理台" not in mine.get("/console/units").content.decode()
    assert sites.resolve(jia.host).visited_until is None


def test_it_ends_when_the_visitors_account_is_blocked(db, jia):
    client, row = came_in(jia)
    assert client.get("/console/people").status_code == 200
    with platform_scope():
        Credential.objects.filter(pk=row.operator_id).update(is_active=False)
    assert client.get("/console/people")["Location"].startswith("/sign-in")


def test_it_ends_by_itself_by_the_visitor_and_by_the_desk(db, jia):
    row = visit(jia, minutes=15)
    with platform_scope():
        assert visiting.visitor(enterprise_id=jia.id, visit=row.uuid, at=NOON + timedelta(minutes=15)) is not None
        assert visiting.visitor(enterprise_id=jia.id, visit=row.uuid, at=NOON + timedelta(minutes=16)) is None
        visiting.end(enterprise_id=jia.id, visit=row.uuid, who=desk())
    client, again = came_in(jia)
    left = client.post("/visit/leave")
    assert (left.status_code, "已结束查看" in left.content.decode()) == (200, True)
    with platform_scope():
        assert Visit.objects.get(pk=again.pk).state == "ENDED"
    assert client.get("/console")["Location"].startswith("/sign-in")


def test_one_question_at_a_time_and_an_old_one_makes_room(db, jia):
    visit(jia, allow=None)
    ask = {"enterprise_id": jia.id, "reason": "核对报送失败的记录", "minutes": 30}
    assert refusal_of(lambda: visiting.ask(desk=desk(), **ask))[0] == "visit_open"
    assert refusal_of(lambda: visiting.ask(desk=desk(), **{**ask, "minutes": 5}))[0] == "bad_minutes"
    with platform_scope():
        visiting.ask(desk=desk("first", NOON + timedelta(days=4)), **ask)
        assert Visit.objects.filter(enterprise_id=jia.id, state="ASKED").count() == 1


def test_what_ran_out_and_what_nobody_answered_is_ended_and_logged(db, jia, yi):
    visit(jia, allow=None)
    visit(yi, minutes=15)
    with platform_scope():
        assert visiting.end_due(at=NOON + timedelta(minutes=15)) == 0
        assert visiting.end_due(at=NOON + timedelta(minutes=16)) == 1
        assert visiting.end_due(at=NOON + timedelta(days=3)) == 1
        assert visiting.end_due(at=NOON + timedelta(days=3)) == 0, "safe to ring twice"
        ended = {row.enterprise_id: row.ended_at for row in Visit.objects.filter(state="ENDED", ended_by="system")}
        assert ended == {jia.id: NOON + timedelta(hours=72), yi.id: NOON + timedelta(minutes=16)}
    with enterprise_scope(jia):
        assert AuditEvent.objects.filter(action="visit.lapsed", actor="system").count() == 1
    with enterprise_scope(yi):
        assert AuditEvent.objects.filter(action="visit.ended", actor="system").count() == 1
    assert "没有答复" in browser(jia, owner(jia)).get("/console/company").content.decode()


def test_the_desks_page_asks_and_leads_in(db, jia):
    me = desk()
    client = inside_of(me.me.credential_id)
    page = f"/desk/enterprises/{jia.id}"
    assert client.post(f"{page}/visits", {"reason": "排查导入失败的原因", "minutes": 60}).status_code == 302
    with platform_scope():
        row = Visit.objects.get(enterprise_id=jia.id)
        visiting.decide(enterprise_id=jia.id, visit=row.uuid, allow=True, by=by(jia, clock.now()))
    assert "进入查看" in client.get(page).content.decode()
    answer = client.post(f"{page}/visits/{row.uuid}/enter")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"http://{jia.host}:8000/visit?ticket=")
    assert client.post(f"{page}/visits", {"reason": "短", "minutes": 60}).status_code == 422


def inside_of(credential_id: int) -> Client:
    with platform_scope():
        return inside(credential_id)
