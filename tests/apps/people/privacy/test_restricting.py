"""Restriction: kept and not used; archive and authority still see, daily work does not (PIPL arts. 44, 47)."""

from __future__ import annotations

import pytest

from apps.people import api as people
from apps.people.models import Learner
from apps.people.privacy import restricting
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope
from tests.apps.people.privacy.conftest import NOON, ask, browser_of, decide

pytestmark = pytest.mark.req("R1.4")


@pytest.fixture
def restricted(pupil, owner) -> Learner:
    decide(ask(pupil, "RESTRICTION"), owner)
    pupil.refresh_from_db()
    return pupil


def test_daily_lists_and_new_plans_leave_the_person_out_and_archive_and_authority_do_not(jia, manager, restricted):
    assert "学员甲" not in manager.get("/console/people").content.decode()
    assert "学员甲" in manager.get("/console/people?status=RESTRICTED").content.decode()
    assert manager.get(f"/console/people/{restricted.uuid}/archive").status_code == 200
    with enterprise_scope(jia):
        assert not people.chosen([people.Choice("ALL")]).exists()
        assert [view.name for view in people.search_learners()] == ["学员甲"]  # what an inspector is shown


def test_the_person_is_led_to_the_own_data_and_can_end_it(jia, restricted):
    browser = browser_of(jia, restricted)
    assert browser.get("/learn")["Location"] == "/learn/data"
    assert browser.get("/learn/plans")["Location"] == "/learn/data"
    assert browser.post("/api/identity/liveness", {"purpose": "open"}, content_type="application/json").status_code == 403
    assert "已限制处理" in browser.get("/learn/data").content.decode()
    assert browser.post("/learn/data/lift")["Location"] == "/learn/data"
    assert browser.get("/learn").status_code == 200


def test_asked_for_again_it_is_there_already(restricted):
    with pytest.raises(DomainError, match="restricted_already"):
        ask(restricted, "RESTRICTION")


def test_it_does_not_end_while_an_erasure_is_under_way(trained, owner):
    decide(ask(trained, "ERASURE"), owner)
    with pytest.raises(DomainError, match="erasure_granted"):
        restricting.lift(learner_id=trained.pk, at=NOON)
    trained.refresh_from_db()
    assert trained.restricted_at is not None


def test_the_own_file_stays_open(jia, restricted):
    browser = browser_of(jia, restricted)
    for path in ("/learn/archive", "/learn/archive/file", "/learn/archive/file.xlsx"):
        assert browser.get(path).status_code == 200, path
