"""Minutes become warnings, warnings are kept, and those whose work it is are told once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.load import design, noting, queries, telling
from public.load.models import DesignLoad, LoadHour, LoadNow, LoadWarning, Meter
from public.operators.api import Me, notices_of
from tests.conftest import NOON
from tests.public.desk import operator
from tests.public.load.ground import minutes

pytestmark = pytest.mark.req("R5.3")


@pytest.fixture
def me(platform: None) -> Me:
    return Me(operator("SYSTEM"), "系统员", "SYSTEM")


def stages() -> list[tuple[str, str, float]]:
    return [(row.stage, row.level, row.value) for row in LoadWarning.objects.order_by("id")]


def test_from_seventy_percent_to_severe_to_over(me):
    business = operator("OPERATIONS")
    after = minutes(Meter.REQUESTS, [699, 700, 700, 900, 640, 640, 640, 640, 640], at=NOON)
    assert stages() == [("BEGAN", "WARN", 700), ("WORSE", "SEVERE", 900), ("OVER", "SEVERE", 640)]
    assert len({row.episode for row in LoadWarning.objects.all()}) == 1
    now = LoadNow.objects.get(pk=Meter.REQUESTS)
    assert (now.level, now.episode, now.value) == ("", None, 640)
    hour = LoadHour.objects.get(meter=Meter.REQUESTS)
    assert (hour.minutes, hour.peak, hour.peak_at) == (9, 900, NOON + timedelta(minutes=3))
    for who in (me.credential_id, business):
        assert [row.facts["level"] for row in notices_of(who)] == ["SEVERE", "WARN"]
    minutes(Meter.REQUESTS, [700, 700], at=after)
    assert len({row.episode for row in LoadWarning.objects.all()}) == 2


def test_the_same_minute_counts_once_whoever_rings_twice(me):
    for _ in range(3):
        minutes(Meter.QUEUE, [1_999], at=NOON)
    assert LoadHour.objects.get().minutes == 1
    assert LoadWarning.objects.count() == 0
    minutes(Meter.QUEUE, [1_999], at=NOON - timedelta(minutes=5))
    assert LoadHour.objects.get().minutes == 1, "what comes late changes nothing"


def test_two_workers_in_one_minute_write_it_once(database):
    from tenants.scope import PLATFORM, using

    meter, at = Meter.MEMORY, NOON + timedelta(days=400)
    failed: list[Exception] = []

    def ring() -> None:
        try:
            with using(PLATFORM):
                minutes(meter, [1.0], at=at, capacity=10.0)
        except Exception as error:  # told by the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with using(PLATFORM):
        rows = LoadHour.objects.filter(meter=meter, hour__gte=at - timedelta(hours=1))
        assert (failed, [row.minutes for row in rows]) == ([], [1])
        rows.delete()
        LoadNow.objects.filter(pk=meter).delete()


def test_the_machine_s_own_bound_is_the_design_where_nobody_chose_one(me):
    minutes(Meter.DISK, [70, 70], at=NOON, capacity=100)
    assert [row.design for row in LoadWarning.objects.all()] == [100]
    minutes(Meter.MEMORY, [70, 70], at=NOON)
    assert LoadWarning.objects.filter(meter=Meter.MEMORY).count() == 0, "nobody knows how much it bears"


def test_a_chosen_design_load_is_kept_with_its_reason_and_warnings_follow_it(me):
    minutes(Meter.LEARNERS, [3_600, 3_600], at=NOON)
    assert LoadWarning.objects.get().design == 5_000
    design.choose(meter=Meter.LEARNERS, value=20_000, reason="扩容到八台，压测报告 2026-11", me=me, at=NOON, ip="203.0.113.7")
    minutes(Meter.LEARNERS, [3_600] * 5, at=NOON + timedelta(minutes=2))
    assert LoadWarning.objects.order_by("-id")[0].stage == "OVER"
    (event,) = audit.history(f"load:{Meter.LEARNERS}")
    assert (event.details["before"], event.details["after"]) == ({"value": 5000}, {"value": 20000.0})


@pytest.mark.parametrize(
    ("value", "reason", "code"),
    [
        (0, "压测报告", "bad_value"),
        (-1, "压测报告", "bad_value"),
        (float("nan"), "压测报告", "bad_value"),
        (float("inf"), "压测报告", "bad_value"),
        (2e9, "压测报告", "bad_value"),
        (10, "  无 ", "words_missing"),
        (10, "长" * 201, "words_too_long"),
    ],
)
def test_a_design_load_that_is_none_is_refused(me, value, reason, code):
    with pytest.raises(DomainError, match=code):
        design.choose(meter=Meter.QUEUE, value=value, reason=reason, me=me, at=NOON, ip="")
    assert not DesignLoad.objects.exists()


def test_nobody_but_the_system_s_administrator_chooses(platform):
    other = Me(operator("OPERATIONS"), "运营甲", "OPERATIONS")
    with pytest.raises(DomainError, match="forbidden"):
        design.choose(meter=Meter.QUEUE, value=10, reason="压测报告", me=other, at=NOON, ip="")


@pytest.mark.parametrize("table", ["load_loadwarning", "load_designload"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_log_only_grows(me, table, statement):
    minutes(Meter.QUEUE, [1_900, 1_900], at=NOON)
    design.choose(meter=Meter.QUEUE, value=10, reason="压测报告", me=me, at=NOON, ip="")
    with (
        pytest.raises(DatabaseError, match=r"only grows|must be owner|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_what_was_done_is_written_down_and_a_late_mail_is_not_sent(me):
    minutes(Meter.QUEUE, [1_900, 1_900], at=NOON)
    first = LoadWarning.objects.get()
    noting.note(
        episode=first.episode,
        text=" 月底集中考试，已增加两台 ",
        me=me,
        at=NOON + timedelta(minutes=1, seconds=30),
        ip="203.0.113.7",
    )
    row = queries.episode(first.episode)[-1]
    assert (row.stage, row.text, row.by_name) == ("NOTED", "月底集中考试，已增加两台", "系统员")
    facts = {"episode": str(first.episode), "meter": "QUEUE", "level": "WARN", "value": 1_900, "design": 2_000}
    assert telling.is_due(facts)
    assert "已达设计值的 95%" in telling.words(facts).title
    minutes(Meter.QUEUE, [0] * 5, at=NOON + timedelta(minutes=2))
    assert not telling.is_due(facts)
    for text, code in (("无", "words_missing"), ("长" * 301, "words_too_long")):
        with pytest.raises(DomainError, match=code):
            noting.note(episode=first.episode, text=text, me=me, at=NOON, ip="")


def test_old_hours_go_and_warnings_stay(me):
    minutes(Meter.QUEUE, [1_900, 1_900], at=NOON - timedelta(days=1_200))
    minutes(Meter.QUEUE, [5], at=NOON)
    assert queries.forget_old(at=NOON) == 1
    assert (LoadHour.objects.count(), LoadWarning.objects.count()) == (1, 1)


def test_the_board_costs_the_same_however_much_was_measured(me):
    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(queries.board(at=NOON + timedelta(days=1), days=30)) == len(Meter.values)
        return len(seen)

    few = counted()
    for meter in Meter.values:
        minutes(meter, [1.0] * 70, at=NOON, capacity=10.0)
    assert (few, counted()) == (5, 5)
