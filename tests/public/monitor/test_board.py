"""The live board: open sittings of all enterprises with their last beat; each enterprise sees and writes its own alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from infra.kit import clock
from public.monitor import api as monitor
from public.monitor.board import board
from public.monitor.models import Mark, Sitting
from tenants.scope import enterprise_scope, platform_scope
from tests.public.desk import desk
from tests.public.monitor.ground import beat, sit, watch

HOT = {
    "details": {"score": 55, "holds": ["webdriver", "rate"], "signals": ["rate"], "credited_ms": 30_000, "provisional_ms": 9_000}
}


@pytest.fixture
def two(db: None, jia, yi):
    """One quiet learner in 甲, one with signals in 乙, both at work now."""
    now = clock.now()
    with enterprise_scope(jia):
        quiet = sit(at=now - timedelta(minutes=2), course="班组安全")
        watch(quiet, 3, at=now - timedelta(seconds=70))
    with enterprise_scope(yi):
        odd = sit(at=now - timedelta(minutes=1), lesson="用电安全", ip="10.9.9.9")
        watch(odd, 2, at=now - timedelta(seconds=35), **HOT)
    return quiet, odd, now


def test_shows_everybody_with_the_last_beat_the_odd_first(two):
    quiet, odd, now = two
    with platform_scope():
        found = board(at=now)
    assert [row.session for row in found.rows] == [odd, quiet]
    first = found.rows[0]
    assert (first.score, first.codes, first.state, first.position_ms) == (55, ["webdriver", "rate"], "playing", 30_000)
    assert (first.credited_ms, first.provisional_ms, first.learner) == (30_000, 9_000, "学**")
    assert (found.studying, found.enterprises, found.alerts, found.silent, found.found) == (2, 2, 1, 0, 2)


def test_filters_search_and_sorting(two, jia, yi):
    quiet, odd, now = two
    with platform_scope():
        assert [row.session for row in board(show="alerts", at=now).rows] == [odd]
        assert [row.session for row in board(text="班组", at=now).rows] == [quiet]
        assert [row.session for row in board(text=f"{yi.name} 用电", at=now).rows] == [odd]
        assert [row.session for row in board(text="10.9.9.9", at=now).rows] == [odd]
        assert [row.session for row in board(sort="opened", at=now).rows] == [quiet, odd]
        assert [row.session for row in board(show="silent", at=now + timedelta(seconds=20)).rows] == [quiet]
        none = board(text="100%", at=now)
    assert (none.rows, none.found, none.studying) == ([], 0, 2)


def test_a_page_too_far_is_the_first(two):
    with platform_scope():
        assert len(board(number=9, at=two[2]).rows) == 2


def test_an_ended_sitting_leaves_the_board(two, jia):
    quiet, odd, now = two
    with enterprise_scope(jia):
        monitor.closed(session=quiet, reason="left", at=now)
    with platform_scope():
        assert [row.session for row in board(at=now).rows] == [odd]


def test_many_behind_one_address_are_counted_beside(db, jia):
    now = clock.now()
    with enterprise_scope(jia):
        for _n in range(3):
            sit(at=now, ip="10.7.7.7")
    with platform_scope():
        assert {row.beside for row in board(text="10.7.7.7", at=now).rows} == {3}


def test_the_neighbour_sees_and_changes_nothing(two, jia, yi):
    quiet, odd, now = two
    with enterprise_scope(jia):
        monitor.mark(session=quiet, kind="MISSED", at=now)
    with enterprise_scope(yi):
        assert list(Sitting.objects.values_list("session", flat=True)) == [odd]
        assert not Mark.objects.exists()
        monitor.closed(session=quiet, reason="left", at=now)
        assert monitor.replay(quiet, opened_at=now - timedelta(hours=1)).lines == []
    with platform_scope():
        assert Sitting.objects.get(session=quiet).closed_at is None


def test_a_mark_cannot_be_changed(in_jia):
    monitor.mark(session=sit(), kind="VOIDED", at=clock.now(), ms=5)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE monitor_mark SET ms = 0")


def test_the_page_of_operations_shows_masked_names_and_refreshes_itself(two):
    with platform_scope():
        page = desk("OPERATIONS").get("/desk/monitor")
    html = page.content.decode()
    assert page.status_code == 200
    assert 'hx-trigger="every 5s"' in html
    assert "学**" in html
    assert "自动化浏览器" in html
    assert "学员甲" not in html


def test_a_stopped_board_does_not_ask_again(two):
    with platform_scope():
        assert 'hx-trigger="every' not in desk("OPERATIONS").get("/desk/monitor?live=off").content.decode()


def test_an_empty_board_says_so(db):
    with platform_scope():
        assert "现在没有人在学习" in desk("OPERATIONS").get("/desk/monitor").content.decode()


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_do_not_watch(two, role):
    with platform_scope():
        browser = desk(role)
        assert browser.get("/desk/monitor").status_code == 403
        assert browser.get(f"/desk/monitor/{two[0]}").status_code == 403


def test_the_replay_page_of_an_unknown_session_is_not_found(platform):
    assert desk("OPERATIONS").get("/desk/monitor/00000000-0000-4000-8000-000000000000").status_code == 404


def test_the_board_costs_the_same_number_of_queries_for_one_and_for_many(two, jia, django_assert_num_queries):
    now = clock.now()
    with platform_scope(), django_assert_num_queries(1):
        board(at=now)
    with enterprise_scope(jia):
        for _n in range(30):
            beat(sit(at=now), 1, now)
    with platform_scope(), django_assert_num_queries(1):
        assert len(board(at=now).rows) == 25
