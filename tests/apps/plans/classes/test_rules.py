"""What attendance says and what it counts, without a database."""

from datetime import timedelta
from uuid import UUID

import pytest

from apps.plans.classes import codes, rules
from apps.plans.classes.rules import Event, Sitting
from apps.plans.rules import DAY_MS

from .ground import ENDS, HOUR_MS, STARTS

MINUTE_MS = 60_000


def at(minutes):
    return STARTS + timedelta(minutes=minutes)


def there(*events):
    return rules.presence(events, starts_at=STARTS, ends_at=ENDS)


def signed(*pairs):
    return [event for since, until in pairs for event in (Event("IN", at(since)), Event("OUT", at(until)))]


@pytest.mark.parametrize(
    ("events", "minutes"),
    [
        (signed((0, 180)), 180),
        (signed((-20, 200)), 180),
        (signed((10, 60), (90, 180)), 140),
        (signed((-30, -5)), 0),
        (signed((181, 200)), 0),
        ([Event("IN", at(0))], 0),
        ([Event("OUT", at(60))], 0),
        ([Event("IN", at(0)), Event("IN", at(30)), Event("OUT", at(60))], 60),
        ([*signed((0, 180)), Event("MARK", at(190), at(0), at(45))], 45),
        ([*signed((0, 180)), Event("CORRECTION", at(300))], 0),
        ([Event("MARK", at(60), at(0), at(45)), *signed((60, 90))], 75),
    ],
)
def test_presence_lies_between_signing_in_and_out_and_within_the_class(events, minutes):
    assert there(*events).ms == minutes * MINUTE_MS


def test_who_does_not_sign_out_is_known_to_be_there_still():
    assert there(Event("IN", at(5))).open_since == at(5)
    assert there(*signed((5, 10))).open_since is None


def test_online_time_of_the_same_wall_time_is_taken_off_once():
    spans = [(at(0), at(60)), (at(90), at(180))]
    assert rules.overlap_ms(spans, []) == 0
    assert rules.overlap_ms(spans, [Sitting(at(50), at(100), None)]) == 20 * MINUTE_MS
    assert rules.overlap_ms(spans, [Sitting(at(50), at(100), 5 * MINUTE_MS)]) == 5 * MINUTE_MS
    assert rules.overlap_ms(spans, [Sitting(at(-99), at(999), 10**9)] * 2) == 150 * MINUTE_MS


@pytest.mark.req("R3.5")
@pytest.mark.parametrize(
    ("present", "overlap", "of_class", "left", "counts"),
    [(180, 0, 180, 360, 180), (180, 30, 180, 360, 150), (180, 0, 90, 360, 90), (180, 0, 180, 20, 20), (10, 30, 180, 360, 0)],
)
def test_credit_is_capped_by_presence_class_and_day(present, overlap, of_class, left, counts):
    ms = rules.credit_ms(
        present_ms=present * MINUTE_MS, overlap=overlap * MINUTE_MS, class_ms=of_class * MINUTE_MS, day_left_ms=left * MINUTE_MS
    )
    assert ms == counts * MINUTE_MS
    assert DAY_MS == 8 * HOUR_MS


def test_a_code_lives_for_the_step_it_is_shown_in_and_the_next():
    one, other = UUID(int=1), UUID(int=2)
    code = codes.code_at(one, STARTS)
    assert len(code) == 6
    assert code.isdecimal()
    assert codes.is_good(code, klass=one, at=STARTS + timedelta(seconds=59))
    assert not codes.is_good(code, klass=one, at=STARTS + timedelta(seconds=60))
    assert not codes.is_good(code, klass=one, at=STARTS - timedelta(seconds=1))
    assert not codes.is_good(code, klass=other, at=STARTS)
    assert not codes.is_good("", klass=one, at=STARTS)
    assert "style=" not in codes.qr_svg("https://jia.example/learn/classes/1?c=123456"), "the content policy forbids styles"
