"""What an interval pays: each rule by example, then the laws that hold for every player, honest or not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.learning import rules, spans
from apps.learning.rules import Claim, Standing, Verdict

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FILM = 600_000
AT_60 = Standing("playing", NOON, 60_000, 60_000, 60_000, 60_000, FILM, ((0, 60_000),), ((0, FILM),))


def judge(standing: Standing, position_ms: int, after_ms: int, state: str = "playing", used: int = 0, **more) -> Verdict:
    at = standing.last_at + timedelta(milliseconds=after_ms)
    days = {rules.days_of(at)[0]: used, rules.days_of(at)[1]: used}
    return rules.judge(standing, Claim(position_ms, state, **more), at=at, used=days)


@pytest.mark.req("R2.4")
@pytest.mark.req("R3.5")
def test_pays_what_was_watched_in_real_time():
    verdict = judge(AT_60, 75_000, 15_000)
    assert (verdict.code, verdict.paid, verdict.by_day) == ("paid", ((60_000, 75_000),), ((TODAY, 15_000),))
    assert (verdict.accepted_ms, verdict.furthest_ms, verdict.command) == (75_000, 75_000, "none")


@pytest.mark.req("R2.4")
@pytest.mark.parametrize(
    ("opened", "code"), [("paused", "not_playing"), ("hidden", "hidden"), ("opened", "not_playing"), ("ended", "not_playing")]
)
def test_pays_nothing_for_an_interval_that_did_not_open_playing_in_sight(opened, code):
    verdict = judge(replace(AT_60, state=opened), 75_000, 15_000)
    assert (verdict.code, verdict.paid_ms, verdict.accepted_ms, verdict.command) == (code, 0, 60_000, "seek")


def test_pays_the_interval_at_whose_end_the_page_was_hidden():
    verdict = judge(AT_60, 65_000, 5_000, "paused", hidden=True)
    assert verdict.paid_ms == 5_000
    assert rules.state_after(Claim(65_000, "playing", hidden=True)) == "hidden"


@pytest.mark.req("R2.3")
def test_pays_nothing_back_after_a_silence_and_returns_to_the_last_accepted_point():
    verdict = judge(AT_60, 101_000, 41_000)
    assert (verdict.code, verdict.paid_ms, verdict.accepted_ms, verdict.command) == ("gap", 0, 60_000, "seek")


@pytest.mark.req("R2.7")
def test_a_jump_forward_pays_nothing_and_is_taken_back():
    verdict = judge(AT_60, 120_000, 15_000)
    assert (verdict.code, verdict.paid_ms, verdict.accepted_ms, verdict.command) == ("too_fast", 0, 60_000, "seek")


@pytest.mark.req("R2.7")
def test_rewinding_is_allowed_and_watching_again_earns_nothing():
    back = judge(AT_60, 20_000, 15_000)
    assert (back.code, back.paid_ms, back.accepted_ms, back.command) == ("backward", 0, 20_000, "none")
    again = judge(replace(AT_60, accepted_ms=20_000), 35_000, 15_000)
    assert (again.code, again.paid_ms, again.accepted_ms) == ("covered", 0, 35_000)


@pytest.mark.req("R2.7")
def test_moving_while_paused_is_free_only_up_to_the_furthest_watched_point():
    paused = replace(AT_60, state="paused", accepted_ms=10_000)
    assert judge(paused, 50_000, 2_000).accepted_ms == 50_000
    beyond = judge(paused, 90_000, 2_000)
    assert (beyond.accepted_ms, beyond.command) == (60_000, "seek")


def test_a_hurried_clock_leaves_no_hole_behind():
    first = judge(AT_60, 75_000, 14_200)
    assert (first.paid, first.accepted_ms) == (((60_000, 74_200),), 74_200)
    second = judge(replace(AT_60, accepted_ms=74_200, covered=((0, 74_200),), last_at=NOON), 90_000, 15_800)
    assert second.paid == ((74_200, 90_000),)


def test_a_script_that_hurries_a_little_all_the_time_is_stopped():
    standing, earned = AT_60, 0
    for beat in range(1, 40):
        verdict = judge(standing, standing.accepted_ms + 16_500, 15_000)
        earned += verdict.paid_ms
        standing = _next(standing, verdict, standing.last_at + timedelta(seconds=15))
        assert earned <= beat * 15_000


def test_a_film_that_ended_is_paid_to_its_measured_end():
    near = replace(
        AT_60, accepted_ms=590_000, furthest_ms=590_000, forward_ms=590_000, playing_ms=590_000, covered=((0, 590_000),)
    )
    verdict = judge(near, 599_600, 10_000, "ended")
    assert (verdict.accepted_ms, verdict.command) == (FILM, "none")
    short = judge(near, 599_600, 9_000, "ended")
    assert (short.accepted_ms, short.command) == (599_000, "seek")


@pytest.mark.req("R3.5")
def test_the_day_ends_at_eight_credit_hours():
    verdict = judge(AT_60, 75_000, 15_000, used=rules.DAY_MS - 4_000)
    assert (verdict.code, verdict.paid_ms, verdict.command) == ("daily_limit", 4_000, "close")
    full = judge(AT_60, 75_000, 15_000, used=rules.DAY_MS)
    assert (full.paid_ms, full.accepted_ms, full.command) == (0, 60_000, "close")


@pytest.mark.req("R3.5")
def test_an_interval_over_midnight_is_paid_on_both_days():
    late = replace(AT_60, last_at=datetime(2026, 11, 23, 15, 59, 50, tzinfo=UTC))
    verdict = judge(late, 75_000, 15_000)
    assert verdict.by_day == ((TODAY, 10_000), (TODAY + timedelta(days=1), 5_000))


@pytest.mark.req("R3.5")
def test_a_used_up_day_does_not_take_from_the_next():
    late = replace(AT_60, last_at=datetime(2026, 11, 23, 15, 59, 50, tzinfo=UTC))
    at = late.last_at + timedelta(seconds=15)
    verdict = rules.judge(late, Claim(75_000, "playing"), at=at, used={TODAY: rules.DAY_MS, TODAY + timedelta(days=1): 0})
    assert verdict.by_day == ((TODAY + timedelta(days=1), 5_000),)
    assert verdict.command == "seek"


@pytest.mark.req("R3.5")
def test_only_full_forty_five_minutes_count_as_a_credit_hour():
    assert rules.credit_hours(2_699_999) == 0
    assert rules.credit_hours(2_700_000) == 1
    assert rules.credit_hours(2_700_000 * 8 - 1) == 7


def test_a_courseware_is_complete_from_ninety_nine_percent():
    assert rules.is_complete(99_000, 100_000)
    assert not rules.is_complete(98_999, 100_000)
    assert not rules.is_complete(0, 0)


def test_the_next_beat_is_drawn_from_twelve_to_eighteen_seconds():
    assert {rules.next_beat_s() for _ in range(400)} == set(range(12, 19))


def _next(standing: Standing, verdict: Verdict, at: datetime, state: str = "playing") -> Standing:
    covered = spans.union(standing.covered, verdict.paid)
    assert spans.measure(covered) == spans.measure(standing.covered) + verdict.paid_ms, "something was paid twice"
    return Standing(
        state,
        at,
        verdict.accepted_ms,
        verdict.furthest_ms,
        verdict.forward_ms,
        verdict.playing_ms,
        standing.duration_ms,
        covered,
        standing.unlocked,
    )


BEATS = st.lists(
    st.tuples(
        st.integers(0, 60_000),  # clock since the last beat
        st.one_of(st.integers(0, 130_000), st.integers(0, 20_000)),  # position claimed
        st.sampled_from(["playing", "playing", "playing", "paused", "ended"]),
        st.booleans(),
    ),
    max_size=40,
)


@pytest.mark.req("R3.5")
@pytest.mark.req("R2.7")
@settings(max_examples=300, deadline=None)
@given(BEATS, st.integers(0, rules.DAY_MS), st.sampled_from([NOON, datetime(2026, 11, 23, 15, 58, tzinfo=UTC)]))
def test_whatever_a_player_claims_the_laws_of_credit_hold(beats, used_before, opened):
    duration = 120_000
    used = {TODAY: used_before}
    standing = Standing("opened", opened, 0, 0, 0, 0, duration, (), ((0, duration),))
    for elapsed, position, state, hidden in beats:
        at = standing.last_at + timedelta(milliseconds=elapsed)
        days = {day: used.get(day, 0) for day in rules.days_of(at)}
        verdict = rules.judge(standing, Claim(position, state, hidden), at=at, used=days)
        for day, ms in verdict.by_day:
            used[day] = used.get(day, 0) + ms
            assert used[day] <= rules.DAY_MS
        assert sum(ms for _, ms in verdict.by_day) == verdict.paid_ms <= elapsed
        standing = _next(standing, verdict, at, rules.state_after(Claim(position, state, hidden)))
        assert 0 <= standing.accepted_ms <= standing.furthest_ms <= duration
        assert standing.forward_ms * 100 <= standing.playing_ms * 102 + 300_000
    earned = spans.measure(standing.covered)
    assert earned <= (standing.last_at - opened) // timedelta(milliseconds=1)
    assert earned <= duration
    assert sum(used.values()) == used_before + earned
