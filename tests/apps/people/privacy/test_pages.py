"""The desk and the learner's page over HTTP: find, page, answer, list; the neighbour sees nothing; a constant number of queries."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people import api as people
from apps.people.models import Learner, PrivacyRequest
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.people.privacy.conftest import ID, ask, browser_of, decide
from tests.apps.plans.ground import resident_id
from tests.infra.wiring.permission_ground import signed_in

pytestmark = pytest.mark.req("R1.4")


def many(jia, count: int, start: int = 100) -> None:
    with enterprise_scope(jia):
        for n in range(start, start + count):
            view = people.add_learner(name="学员丁", id_number=resident_id(n), mobile=f"1381111{n:04d}", at=clock.now())
            ask(Learner.objects.get(pk=view.id), "RESTRICTION", at=clock.now())


def test_a_learner_asks_on_the_phone_and_reads_the_answer(jia, manager, owner, pupil):
    browser = browser_of(jia, pupil)
    form = browser.get("/learn/data/ask/correct").content.decode()
    assert ID not in form
    refused = browser.post("/learn/data/ask/correct", {"name": "学员甲"})
    assert refused.status_code == 422
    assert "与现在不同" in refused.content.decode()
    assert browser.post("/learn/data/ask/correct", {"name": "学员丙", "words": "改名了"})["Location"] == "/learn/data"
    page = browser.get("/learn/data").content.decode()
    assert "待处理" in page
    with enterprise_scope(jia):
        row = PrivacyRequest.objects.get()
    asked = manager.get(f"/console/privacy/{row.uuid}").content.decode()
    assert "学员丙" in asked
    assert "改名了" in asked
    nothing = manager.post(f"/console/privacy/{row.uuid}", {"decision": "approve", "reason": ""})
    assert nothing.status_code == 422
    done = manager.post(f"/console/privacy/{row.uuid}", {"decision": "approve", "reason": "已核对身份证"})
    assert done["Location"] == f"/console/privacy/{row.uuid}"
    page = browser.get("/learn/data").content.decode()
    assert "已同意" in page
    assert "已核对身份证" in page


def test_before_asking_for_deletion_one_reads_what_goes_what_stays_until_when_and_why(jia, trained):
    page = browser_of(jia, trained).get("/learn/data/ask/erase").content.decode()
    assert "2029-11-23" in page
    assert "浙江省安全生产条例" in page
    assert "错题本" in page
    assert "不能再认出是谁" in page


def test_one_takes_a_request_back_and_what_is_answered_stays(jia, owner, pupil):
    browser = browser_of(jia, pupil)
    with enterprise_scope(jia):
        row = ask(pupil, "RESTRICTION", at=clock.now())
    browser.post(f"/learn/data/requests/{row.uuid}/withdraw")
    with enterprise_scope(jia):
        row.refresh_from_db()
        assert row.state == "WITHDRAWN"
        other = decide(ask(pupil, "RESTRICTION", at=clock.now()), owner, approved=False)
    browser.post(f"/learn/data/requests/{other.uuid}/withdraw")
    other.refresh_from_db()
    assert other.state == "REFUSED"


def test_the_desk_finds_pages_and_keeps_to_few_queries(jia, manager, pupil):
    assert "没有等您答复的请求" in manager.get("/console/privacy").content.decode()

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert manager.get("/console/privacy?state=ALL").status_code == 200
        return len(seen)

    many(jia, 3)
    few = cost()
    many(jia, 20, 200)
    assert cost() == few
    first, second = (manager.get(f"/console/privacy?page={n}").content.decode() for n in (1, 2))
    assert (first.count("/console/privacy/"), second.count("学员丁")) >= (20, 3)
    assert "没有符合条件的请求" in manager.get("/console/privacy?q=没有这个人").content.decode()
    assert "学员丁" in manager.get("/console/privacy?q=学员丁&kind=RESTRICTION").content.decode()
    assert "没有符合条件的请求" in manager.get("/console/privacy?kind=ERASURE").content.decode()


def test_the_list_leaves_as_a_sheet_that_runs_nothing(jia, manager, owner, pupil):
    with enterprise_scope(jia):
        decide(ask(pupil, "RESTRICTION", at=clock.now()), owner, approved=False, reason="=1+1 仍在岗")
    answer = manager.get("/console/privacy?state=ALL&export=xlsx")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (lines[1][0], lines[1][8]) == ("学员甲", "'=1+1 仍在岗")


def test_late_ones_stand_out(jia, manager, pupil):
    with enterprise_scope(jia):
        ask(pupil, "RESTRICTION", at=clock.now() - timedelta(days=60))
    assert "已超期" in manager.get("/console/privacy").content.decode()
    assert "已超过期限" in browser_of(jia, pupil).get("/learn/data").content.decode()


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_nothing(jia, neighbour, pupil):
    with enterprise_scope(jia):
        row = ask(pupil, "RESTRICTION", at=clock.now())
    assert "学员甲" not in neighbour.get("/console/privacy?state=ALL").content.decode()
    assert neighbour.get(f"/console/privacy/{row.uuid}").status_code == 404
    assert neighbour.post(f"/console/privacy/{row.uuid}", {"decision": "approve", "reason": "不行"}).status_code == 404
    row.refresh_from_db()
    assert row.is_waiting


def test_supervisors_do_not_answer(jia, supervisor, pupil):
    with enterprise_scope(jia):
        row = ask(pupil, "RESTRICTION", at=clock.now())
        browser = signed_in(jia, supervisor.credential)
    assert browser.get("/console/privacy").status_code == 403
    assert browser.post(f"/console/privacy/{row.uuid}", {"decision": "approve", "reason": "行"}).status_code == 403
    row.refresh_from_db()
    assert row.is_waiting
