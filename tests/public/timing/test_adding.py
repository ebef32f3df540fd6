"""What the web counted becomes rows, each minute once; old hours become days, and days of long ago go."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.load import design, measuring, warning
from public.load.models import LoadNow, Meter
from public.operators.api import Me
from public.timing import adding, counting, queries, rates
from public.timing.counting import EVERY, Key, Timer
from public.timing.models import AddedUp, Kind, SampleRate, TimedHour
from public.timing.rules import BOUNDS
from tenants import valkey
from tests.conftest import NOON
from tests.public.desk import operator
from tests.public.timing.ground import waits

pytestmark = pytest.mark.req("R6.1.4")
KEY = Key(Kind.LOADED, "console", "ENTERPRISE", "DESKTOP")


@pytest.fixture
def me(platform: None) -> Me:
    return Me(operator("SYSTEM"), "系统员", "SYSTEM")


def rows() -> list[tuple[datetime, int, int, int]]:
    return list(TimedHour.objects.order_by("hour", "route").values_list("hour", "count", "sampled", "total_ms"))


def test_two_processes_add_to_one_row(platform):
    for timer in (Timer(), Timer()):
        timer.add(KEY, 100)
        timer.add(KEY, 2_000, stands_for=10)
        timer.flush(now=NOON.timestamp())
    assert adding.add_up(at=NOON + timedelta(minutes=2)) == 1
    (row,) = TimedHour.objects.all()
    assert (row.hour, row.count, row.sampled, row.total_ms) == (NOON, 22, 4, 40_200)
    assert {BOUNDS[n]: count for n, count in enumerate(row.buckets) if count} == {100: 2, 2_000: 20}
    assert 0 < valkey.client().ttl(counting.key_of(int(NOON.timestamp()) // 60)) <= 7_200


def test_each_minute_is_added_once_whoever_rings_twice(platform):
    timer = Timer()
    timer.add(KEY, 100)
    timer.flush(now=NOON.timestamp())
    assert adding.add_up(at=NOON + timedelta(minutes=1)) == 0, "others may still write to it"
    assert [adding.add_up(at=NOON + timedelta(minutes=minutes)) for minutes in (2, 2, 3, 2)] == [1, 0, 0, 0]
    timer.add(KEY, 300)
    timer.flush(now=(NOON + timedelta(minutes=70)).timestamp())
    adding.add_up(at=NOON + timedelta(minutes=75))
    assert rows() == [(NOON, 1, 1, 100), (NOON + timedelta(hours=1), 1, 1, 300)]
    timer.add(KEY, 500)
    timer.flush(now=(NOON + timedelta(minutes=80)).timestamp())
    adding.add_up(at=NOON + timedelta(minutes=83))
    assert rows()[1] == (NOON + timedelta(hours=1), 2, 2, 800)


def test_a_worker_that_was_away_for_an_hour_loses_nothing(platform):
    timer = Timer()
    for minutes in range(0, 100, 10):
        timer.add(KEY, 100)
        timer.flush(now=(NOON + timedelta(minutes=minutes)).timestamp())
    adding.add_up(at=NOON + timedelta(minutes=101))
    assert sum(count for _hour, count, *_ in rows()) == 10


def test_two_workers_in_one_minute_add_it_once(database):
    from tenants.scope import PLATFORM, using

    at = clock.now() + timedelta(days=900)
    timer = Timer()
    timer.add(KEY, 100)
    timer.flush(now=at.timestamp())
    failed: list[Exception] = []

    def ring() -> None:
        try:
            with using(PLATFORM):
                adding.add_up(at=at + timedelta(minutes=2))
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
        found = TimedHour.objects.filter(hour__gte=at - timedelta(hours=1))
        assert (failed, [row.count for row in found]) == ([], [1])
        found.delete()
        AddedUp.objects.all().delete()


def test_the_queries_do_not_grow_with_the_hours(platform):
    def asked(routes: int) -> int:
        timer = Timer()
        for number in range(routes):
            timer.add(KEY._replace(route=f"console-{number}"), 100)
        timer.flush(now=NOON.timestamp())
        AddedUp.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            adding.add_up(at=NOON + timedelta(minutes=2))
        return len(seen)

    assert asked(1) == asked(60)


def test_a_process_hands_over_when_it_is_time_also_if_nothing_more_comes(platform, monkeypatch):
    timer = Timer()
    timer.add(KEY, 100)
    timer.tick()
    assert timer._cells, "not yet"
    timer._handed_over -= 5
    timer.tick()
    assert not timer._cells
    minute = int(clock.now().timestamp()) // 60
    found = counting.handed_over(range(minute - 1, minute + 1))
    assert sum(figures.count for cells in found.values() for figures in cells.values()) == 1


def test_without_valkey_times_are_lost_and_nothing_else(platform, monkeypatch, caplog):
    class Away:
        def pipeline(self, **more: object) -> None:
            raise RedisError("gone")

    monkeypatch.setattr(counting.valkey, "client", Away)
    timer = Timer()
    timer.add(KEY, 100)
    timer.flush()
    assert "were not counted: RedisError" in caplog.text


def test_threads_lose_no_count(platform):
    timer = Timer()

    def work() -> None:
        for _ in range(1_000):
            timer.add(KEY, 1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    timer.flush(now=NOON.timestamp())
    adding.add_up(at=NOON + timedelta(minutes=2))
    assert rows()[0][1] == 8_000


def test_hours_become_days_after_three_and_days_go_after_four_hundred(platform):
    midnight = clock.shanghai_midnight(clock.shanghai_date(NOON))
    waits("console", [5_000], at=midnight - timedelta(days=410))
    for hours, ms in ((0, 100), (9, 300), (20, 500)):
        waits("console", [ms] * 2, at=midnight + timedelta(hours=hours))
    waits("learn-home", [900], at=midnight + timedelta(hours=21))
    waits("console", [700], at=midnight + timedelta(days=3))
    before = queries.by_day(queries.Period(midnight.date(), midnight.date()), queries.chosen_by())
    assert adding.forget_old(at=midnight + timedelta(days=4)) == 1
    assert adding.forget_old(at=midnight + timedelta(days=4)) == 0
    assert rows() == [
        (midnight, 6, 6, 1_800),
        (midnight, 1, 1, 900),
        (midnight + timedelta(days=3), 1, 1, 700),
    ]
    assert queries.by_day(queries.Period(midnight.date(), midnight.date()), queries.chosen_by()) == before


def test_a_day_changes_at_midnight_in_zhejiang_also_when_folded_in_the_middle_of_one(platform):
    midnight = clock.shanghai_midnight(date(2026, 11, 1))
    for minutes in (-1, 0, 3 * 60, 6 * 60):
        waits("console", [100], at=midnight + timedelta(minutes=minutes))

    def told() -> tuple[dict[str, int], dict[str, int]]:
        days = queries.by_day(queries.Period(date(2026, 10, 30), date(2026, 11, 3)), queries.chosen_by())
        months = queries.by_month(at=midnight + timedelta(days=10))
        return ({f"{on:%m-%d}": kinds[Kind.LOADED].count for on, kinds in days.items()},
                {f"{on:%m}": kinds[Kind.LOADED].count for on, kinds in months.items()})  # fmt: skip

    expected = {"10-31": 1, "11-01": 3}, {"10": 1, "11": 3}
    assert told() == expected
    for night, left in ((3, 3), (4, 2)):
        adding.forget_old(at=midnight + timedelta(days=night, hours=4, minutes=50))
        assert (told(), TimedHour.objects.count()) == (expected, left)


def test_a_flood_of_forged_times_stops_neither_the_adding_up_nor_the_folding(platform):
    for hours in (9, 10):
        waits("console", [100, 200], at=NOON - timedelta(hours=hours), stands_for=2**31)
    adding.forget_old(at=NOON + timedelta(days=5))
    (row,) = TimedHour.objects.all()
    assert (row.count, row.sampled, row.total_ms, max(row.buckets)) == (2**33, 4, 300 * 2**32, 2**32)


def test_another_rate_is_kept_with_its_reason_and_reaches_every_process(me):
    row = rates.choose(audience="LEARNER", every=50, reason="学员多，减少上报", me=me, at=NOON, ip="203.0.113.7")
    assert str(row) == "LEARNER 1/50"
    assert rates.in_force() == {**EVERY, "LEARNER": 50}
    adding.add_up(at=NOON)
    timer = Timer()
    assert timer.every("LEARNER") == 10
    timer.add(KEY, 1)
    timer.flush(now=NOON.timestamp())
    assert (timer.every("LEARNER"), timer.every("MANAGER")) == (50, 1)
    (event,) = audit.history("timing:LEARNER")
    assert (event.details["before"], event.details["after"]) == ({"every": 10}, {"every": 50})


@pytest.mark.parametrize(
    ("audience", "every", "reason", "code"),
    [
        ("LEARNER", 0, "减少上报", "bad_value"),
        ("LEARNER", 1_001, "减少上报", "bad_value"),
        ("NOBODY", 5, "减少上报", "not_found"),
        ("LEARNER", 5, " 无 ", "words_missing"),
        ("LEARNER", 5, "长" * 201, "words_too_long"),
    ],
)
def test_a_rate_that_is_none_is_refused(me, audience, every, reason, code):
    with pytest.raises(DomainError, match=code):
        rates.choose(audience=audience, every=every, reason=reason, me=me, at=NOON, ip="")
    assert not SampleRate.objects.exists()


def test_nobody_but_the_system_s_administrator_chooses(platform):
    other = Me(operator("OPERATIONS"), "运营甲", "OPERATIONS")
    with pytest.raises(DomainError, match="forbidden"):
        rates.choose(audience="LEARNER", every=5, reason="减少上报", me=other, at=NOON, ip="")


@pytest.mark.req("R5.3")
def test_a_day_of_long_waits_is_a_warning(platform):
    assert "PAGES" not in measuring.read_all(at=NOON, meters={"PAGES": measuring.pages})
    waits("console", [2_400] * 19, at=NOON - timedelta(hours=30))
    waits("console", [2_400] * 19, at=NOON - timedelta(hours=20))
    assert "PAGES" not in measuring.read_all(at=NOON, meters={"PAGES": measuring.pages}), "too few to say"
    waits("learn-home", [300], at=NOON - timedelta(hours=2), kind=Kind.SWAP)
    found = measuring.read_all(at=NOON, meters={"PAGES": measuring.pages})
    assert found["PAGES"].value == (2_400 * 19 + 300) / 20 == 2_295
    assert design.of(Meter.PAGES, capacity=None, chosen={}) == 3_000
    for minute in range(2):
        warning.measure(at=NOON + timedelta(minutes=minute), reads=found)
    assert LoadNow.objects.get(pk=Meter.PAGES).level == "WARN"
