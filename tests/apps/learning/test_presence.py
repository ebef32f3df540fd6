"""When checks come: pure rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.learning import asking, drawing, presence
from apps.learning.presence import Duty
from apps.learning.rules import Claim
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.3")
PLAYING, PAUSED, ENDED = Claim(0, "playing"), Claim(0, "paused"), Claim(0, "ended")
DUTY = Duty(unproven_ms=50_000, due_ms=60_000)


def ask(duty=DUTY, claim=PLAYING, *, paid_ms=0, score=0, is_finish=False):
    return presence.step(duty, claim, paid_ms=paid_ms, score=score, is_finish=is_finish).ask


def test_a_check_comes_with_the_beat_that_reaches_its_time():
    assert ask(paid_ms=9_999) is None
    assert ask(paid_ms=10_000) == "due"


@pytest.mark.parametrize("claim", [PAUSED, replace(PLAYING, hidden=True)])
def test_nobody_is_asked_who_is_not_there_to_see_it(claim):
    assert ask(claim=claim, paid_ms=60_000) is None


def test_the_end_of_a_course_asks_only_where_something_is_unproven():
    assert ask(claim=ENDED, is_finish=True) == "finish"
    assert ask(Duty(0, 60_000), ENDED, is_finish=True) is None


def test_after_a_miss_a_check_comes_with_the_next_play_and_one_at_a_time():
    missed = Duty(0, 0, must_prove=True)
    assert (ask(missed), ask(missed, PAUSED), ask(replace(missed, is_asked=True))) == ("again", None, None)


def test_a_high_score_brings_the_check_within_four_minutes():
    far = Duty(10_000, 900_000)
    assert presence.step(far, PLAYING, paid_ms=0, score=presence.HIGH_SCORE - 1, is_finish=False).due_ms == 900_000
    for _draw in range(50):
        due = presence.step(far, PLAYING, paid_ms=0, score=presence.HIGH_SCORE, is_finish=False).due_ms
        assert 130_000 <= due <= 250_000
    near = Duty(10_000, 100_000)
    assert presence.step(near, PLAYING, paid_ms=0, score=100, is_finish=False).due_ms == 100_000


def test_times_are_drawn_from_their_spans():
    drawn = [presence.next_due_ms(0) for _draw in range(200)]
    assert min(drawn) >= 300_000
    assert max(drawn) <= 900_000
    assert len(set(drawn)) > 150
    assert all(120_000 <= presence.next_due_ms(100) <= 240_000 for _draw in range(50))


def test_misses_are_counted_by_day_in_zhejiang():
    assert presence.misses_after(2, date(2026, 11, 23), today=date(2026, 11, 23)) == 3
    assert presence.misses_after(2, date(2026, 11, 22), today=date(2026, 11, 23)) == 1


def test_a_check_was_heard_when_it_was_fetched_or_the_page_spoke_after_it():
    late = NOON + timedelta(seconds=1)
    assert presence.was_heard(issued_at=NOON, shown_at=late, last_at=NOON)
    assert presence.was_heard(issued_at=NOON, shown_at=None, last_at=late)
    assert not presence.was_heard(issued_at=NOON, shown_at=None, last_at=NOON)


@pytest.mark.parametrize(
    ("state", "more", "phase"),
    [
        ("opened", {}, "opening"),
        ("playing", {}, "playing"),
        ("hidden", {}, "paused"),
        ("paused", {}, "paused"),
        ("playing", {"is_asked": True}, "challenged"),
        ("playing", {"must_prove": True}, "must_prove"),
        ("must_prove", {}, "must_prove"),
        ("playing", {"is_open": False, "is_asked": True}, "closed"),
    ],
)
def test_a_session_stands_in_one_phase(state, more, phase):
    assert presence.phase(state=state, **{"is_open": True, "is_asked": False, "must_prove": False, **more}) == phase


@pytest.mark.parametrize(
    ("unproven_ms", "here_ms", "lacks"),
    [(400, 400, False), (401, 401, True), (400, 0, True), (40_000, 40_000, True), (0, 0, False)],
)
def test_a_course_lacks_a_proof_of_more_than_completion_forgives(unproven_ms, here_ms, lacks):
    where = {"covered_ms": 40_000, "duration_ms": 40_000}
    assert presence.lacks_proof(unproven_ms=unproven_ms, here_ms=here_ms, **where) is lacks


def test_an_answer_must_be_whole():
    content = {"code": "4821", "answer": ["A", "C"]}
    assert asking.is_right(content, code=" 4821 ", answer=["C", "A"])
    for code, chosen in (("4820", ["A", "C"]), ("4821", ["A"]), ("4821", ["A", "B", "C"]), ("", []), ("四八二一", ["A", "C"])):
        assert not asking.is_right(content, code=code, answer=chosen)


def test_the_same_digits_look_different_in_each_check_and_the_same_within_one():
    one, other = drawing.picture("4821", seed=1), drawing.picture("4821", seed=2)
    assert one.startswith(b"\x89PNG")
    assert one != other
    assert one == drawing.picture("4821", seed=1)
    assert b"4821" not in one
