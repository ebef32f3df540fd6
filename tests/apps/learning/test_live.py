"""The manager's live board and the replay of a sitting; the neighbour sees nothing of either."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.learning.appeals import services
from apps.learning.models import Appeal, ProofState, StudySession
from apps.learning.watching import live
from infra.kit import clock
from tests.apps.learning.conftest import B, enrol
from tests.apps.learning.test_appeals import void_of
from tests.apps.plans.ground import manager_browser
from tests.conftest import NOON


@pytest.fixture
def manager(in_jia):
    return manager_browser(in_jia)


@pytest.fixture
def two(version_id, school):
    """学员甲 quietly at work; 学员乙 with a high score and silent."""
    first = school.open(at=NOON)
    first.play()
    first.watch(15)
    other = enrol(B, version_id)
    second = other.open(at=NOON - timedelta(minutes=2), terminal="u" * 32)
    second.play()
    StudySession.objects.filter(uuid=second.uuid).update(
        score=70, signals={"heat": {"webdriver": 4000, "rate": 3000}, "count": {"webdriver": 9, "rate": 2}}
    )
    return first, second


AT = NOON + timedelta(seconds=16)


def test_lists_the_odd_first_and_counts_in_one_query(two, django_assert_num_queries):
    first, second = two
    assert [row.uuid for row in live.sessions(at=AT)] == [second.uuid, first.uuid]
    with django_assert_num_queries(1):
        assert live.sums(at=AT) == live.Sums(studying=2, alerts=1, silent=1, waiting=0)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"show": "alerts"}, [1]),
        ({"show": "silent"}, [1]),
        ({"show": "waiting"}, []),
        ({"show": "ended"}, []),
        ({"text": "学员甲"}, [0]),
        ({"text": "没有这个人"}, []),
        ({"sort": "name"}, [1, 0]),
        ({"sort": "-last"}, [0, 1]),
    ],
)
def test_filters_search_and_sorting(two, asked, found):
    names = [row.uuid for row in live.sessions(at=AT, **asked)]
    if "sort" in asked and asked["sort"] == "name":
        assert sorted(names) == sorted(player.uuid for player in two)
    else:
        assert names == [two[n].uuid for n in found]


def test_a_class_behind_one_address_is_named_only_when_it_is_large(two):
    rows = list(live.sessions(at=AT))
    assert live.crowded_addresses(rows) == set()
    copy = StudySession.objects.get(uuid=two[0].uuid)
    people = live.MANY_BESIDE - 2
    for no in range(people):
        copy.pk, copy.uuid, copy.terminal = None, None, f"{no:032d}"
        copy.uuid = two[0].uuid.__class__(int=no + 1)
        copy.learner_id = _another_learner(no)
        copy.save()
    assert live.crowded_addresses(rows) == {"10.1.2.3"}


def _another_learner(no: int) -> int:
    from apps.people.models import Learner

    row = Learner.objects.first()
    assert row
    row.pk, row.credential_id = None, None
    row.uuid, row.person_key, row.mobile_index = row.uuid.__class__(int=no + 1), f"{no:064d}", f"{no:064d}"
    row.save(force_insert=True)
    return row.pk


def test_the_board_shows_names_signals_and_what_waits(two, manager):
    html = manager.get("/console/live").content.decode()
    assert "学员甲" in html
    assert "自动化浏览器" in html
    assert "70 分" in html
    assert 'hx-trigger="every 5s"' in html


def test_the_board_costs_the_same_queries_for_one_and_for_two(two, manager, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        manager.get("/console/live")


def test_an_empty_board_says_so(manager):
    assert "现在没有人在学习" in manager.get("/console/live").content.decode()


def test_the_replay_shows_the_sitting_with_its_voids(school, manager):
    void = void_of(school)
    services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="在接电话", at=void.at)
    html = manager.get(f"/console/live/{void.session.uuid}").content.decode()
    assert "replay-data" in html
    assert "在场核验超时未答" in html
    assert "待企业处理" in html


def test_the_neighbour_finds_no_session_and_no_learner(two, school, yi):
    from tenants.scope import enterprise_scope

    with enterprise_scope(yi):
        stranger = manager_browser(yi)
        assert "学员甲" not in stranger.get("/console/live?show=ended").content.decode()
        assert stranger.get(f"/console/live/{two[0].uuid}").status_code == 404
        assert stranger.post(f"/console/live/learners/{school.learner.uuid}/unlock", {"reason": "好"}).status_code == 404


def test_a_locked_learner_is_unlocked_with_a_reason_only(school, manager):
    school.open().play()
    ProofState.objects.update(locked_at=clock.now(), misses=3)
    assert "人被锁定" in manager.get("/console/live").content.decode()
    address = f"/console/live/learners/{school.learner.uuid}/unlock"
    manager.post(address, {"reason": ""})
    assert ProofState.objects.get().locked_at is not None
    manager.post(address, {"reason": "已当面核实"})
    assert ProofState.objects.get().locked_at is None


def test_the_manager_decides_on_the_page_once(school, manager):
    void = void_of(school)
    appeal = services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="在接电话", at=void.at)
    address = f"/console/appeals/{appeal.uuid}"
    assert "在接电话" in manager.get(address).content.decode()
    assert "学员甲" in manager.get("/console/appeals").content.decode()
    assert manager.post(address, {"decision": "uphold", "reason": ""}).status_code == 422
    assert manager.post(address, {"decision": "uphold", "reason": "没有凭据"}).status_code == 302
    assert manager.post(address, {"decision": "restore", "reason": "改主意"}).status_code == 409
    assert Appeal.objects.get().state == "UPHELD"
    assert "没有凭据" in manager.get(address).content.decode()
