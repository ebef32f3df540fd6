"""The beat against a real database: what is paid, what is refused, and that refusals change nothing."""

from datetime import timedelta

import pytest
from django.db import connection

from apps.learning import spans
from apps.learning.models import StudySession
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit.models import Beat
from public.persons import api as persons
from tenants.scope import enterprise_scope
from tests.apps.learning.conftest import covered, state_of


def used_today(school, at):
    return persons.lock_day(person_key=school.learner.person_key, day=clock.shanghai_date(at))


@pytest.mark.req("R2.4")
@pytest.mark.req("R3.5")
def test_watching_in_real_time_is_credited_and_written_down(school):
    player = school.open()
    first = player.play()
    assert (first["credited_ms"], first["verdict"], first["command"]) == (0, "not_playing", "none")
    assert 12 <= first["next_in"] <= 18
    reply = player.watch(15)
    assert (reply["accepted_ms"], reply["credited_ms"], reply["covered_ms"]) == (15_000, 15_000, 15_000)
    assert reply["day_left_ms"] == 21_600_000 - 15_000
    assert covered(school) == ((0, 15_000),)
    assert used_today(school, player.now) == 15_000
    beat = Beat.objects.get(session=player.uuid, seq=2)
    assert (beat.paid_ms, beat.verdict, beat.state, beat.position_ms, beat.at) == (15_000, "paid", "playing", 15_000, player.now)


@pytest.mark.req("R2.3")
@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda p: {**p.body(), "position_ms": 15_000}, "bad_mac"),
        (lambda p: {**p.body(), "mac": "0" * 64}, "bad_mac"),
        (lambda p: p.body(seq=5), "wrong_seq"),
        (lambda p: p.body(seq=1), "wrong_seq"),
        (lambda p: p.body(nonce="0" * 32), "wrong_nonce"),
    ],
)
def test_refuses_a_forged_beat_and_changes_nothing(school, forge, code):
    player = school.open()
    player.play()
    before = state_of(player)
    player.now += timedelta(seconds=15)
    with pytest.raises(DomainError) as refusal:
        player.send(forge(player))
    assert (refusal.value.code, refusal.value.status) == (code, 409)
    assert state_of(player) == before
    assert Beat.objects.filter(session=player.uuid).count() == 1


@pytest.mark.req("R2.3")
def test_refuses_a_beat_from_another_terminal(school):
    player = school.open()
    player.terminal = "another"
    with pytest.raises(DomainError, match="wrong_terminal"):
        player.play()


@pytest.mark.parametrize(
    "change", [{"seq": "1"}, {"position_ms": -1}, {"state": "flying"}, {"rate": "fast"}, {"more": 1}, {"mac": None}]
)
def test_refuses_a_body_that_is_no_beat(school, change):
    player = school.open()
    with pytest.raises(DomainError, match="invalid") as refusal:
        player.send({**player.body(), **change})
    assert refusal.value.status == 422


def test_a_beat_sent_twice_gets_the_first_reply_and_changes_nothing(school):
    player = school.open()
    player.play()
    player.now += timedelta(seconds=15)
    body = player.body(position_ms=15_000)
    first = player.send(body)
    before = state_of(player)
    player.now += timedelta(seconds=3)
    assert player.send(body) == first
    assert state_of(player) == before
    assert used_today(school, player.now) == 15_000


@pytest.mark.req("R2.7")
def test_a_jump_forward_earns_nothing_is_taken_back_and_counted(school):
    player = school.open()
    player.play()
    player.now += timedelta(seconds=15)
    reply = player.send(player.body(position_ms=300_000))
    assert (reply["verdict"], reply["command"], reply["accepted_ms"], reply["credited_ms"]) == ("too_fast", "seek", 0, 0)
    assert StudySession.objects.get(uuid=player.uuid).strikes == 1
    assert covered(school) == ()


@pytest.mark.req("R2.3")
def test_a_gap_in_the_beats_is_not_paid_back(school):
    player = school.open()
    player.play()
    reply = player.watch(60)
    assert (reply["verdict"], reply["command"], reply["accepted_ms"]) == ("gap", "seek", 0)


@pytest.mark.req("R2.4")
def test_a_hidden_page_earns_nothing(school):
    player = school.open()
    player.play()
    assert player.watch(5, hidden=True)["credited_ms"] == 5_000
    assert player.watch(15, hidden=True)["credited_ms"] == 5_000
    assert player.watch(15)["credited_ms"] == 5_000
    assert player.watch(10)["credited_ms"] == 15_000


@pytest.mark.req("R3.5")
def test_watching_again_in_a_new_session_earns_nothing(school):
    player = school.open()
    player.play()
    player.watch_on(60)
    again = school.open(at=player.now)
    again.send(again.body("paused"))
    again.position_ms = 0
    again.send(again.body("playing"))
    reply = again.watch_on(60)
    assert (reply["credited_ms"], reply["covered_ms"]) == (0, 60_000)
    assert again.watch(10)["credited_ms"] == 10_000


@pytest.mark.req("R3.5")
def test_the_day_of_a_person_is_one_over_all_enterprises(school, neighbour, jia, yi):
    person = school.learner.person_key
    assert person == neighbour.learner.person_key
    player = school.open()
    player.play()
    player.watch(15)
    day = clock.shanghai_date(player.now)
    persons.lock_day(person_key=person, day=day)
    persons.debit_day(person_key=person, day=day, ms=21_600_000 - 15_000 - 4_000, cap_ms=21_600_000)
    with enterprise_scope(yi):
        there = neighbour.open(at=player.now)
        there.play()
        reply = there.watch(15)
        assert (reply["verdict"], reply["credited_ms"], reply["day_left_ms"], reply["command"]) == (
            "daily_limit",
            4_000,
            0,
            "close",
        )
    with enterprise_scope(jia), pytest.raises(DomainError, match="daily_limit") as refusal:
        school.open(school.second, at=there.now)
    assert refusal.value.status == 409


@pytest.mark.req("R3.5")
def test_an_interval_over_midnight_is_debited_from_both_days(school):
    midnight = clock.shanghai_midnight(clock.shanghai_date(school.assignment.assigned_at) + timedelta(days=1))
    player = school.open(at=midnight - timedelta(seconds=10))
    player.play()
    reply = player.watch(15)
    assert reply["credited_ms"] == 15_000
    assert used_today(school, midnight - timedelta(seconds=1)) == 10_000
    assert used_today(school, midnight) == 5_000
    assert reply["day_left_ms"] == 21_600_000 - 5_000


@pytest.mark.req("R2.3")
def test_studying_elsewhere_ends_the_right_to_earn_here(school, neighbour, jia, yi):
    player = school.open()
    player.play()
    with enterprise_scope(yi):
        assert neighbour.open(at=player.now).opened.took_over
    before = state_of(player)
    with pytest.raises(DomainError, match="taken_over") as refusal:
        player.watch(15)
    assert refusal.value.status == 409
    assert state_of(player) == before


def test_the_neighbour_enterprise_finds_no_session(school, yi):
    player = school.open()
    with enterprise_scope(yi), pytest.raises(DomainError, match="not_found") as refusal:
        player.play()
    assert refusal.value.status == 404


def test_a_clock_that_was_set_back_earns_nothing_and_breaks_nothing(school):
    player = school.open()
    player.play()
    player.watch(15)
    player.now -= timedelta(seconds=30)
    assert player.send(player.body(position_ms=15_500))["credited_ms"] == 15_000


@pytest.mark.req("R3.5")
def test_credit_is_the_measure_of_what_was_watched(school):
    player = school.open()
    player.play()
    credited = 0
    for seconds in (12, 15.3, 18, 14.999, 13):
        credited = player.watch(seconds)["credited_ms"]
    assert credited == spans.measure(covered(school)) == used_today(school, player.now) == 73_299
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(upper(part) - lower(part)) FROM learning_coverage, unnest(spans) part")
        assert cursor.fetchone() == (credited,)
