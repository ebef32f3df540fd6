"""Promised times: hours of the clock or working days, pauses and extensions, shares that weekends do not move."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from infra.kit import clock
from public.complaints import rules
from public.complaints.shapes import PromiseView

pytestmark = pytest.mark.req("R6.1.6")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def promise(**changes: object) -> PromiseView:
    values = {
        "pk": 1, "category": "GENERAL", "label": "一般投诉", "valid_from": date(2026, 11, 1), "answer_minutes": 120, "office_only": False,
        "settle_hours": None, "settle_days": 3, "extend_days": 2, "hides_first": False, **changes,
    }  # fmt: skip
    return PromiseView(**values)  # type: ignore[arg-type]


def test_hours_run_through_the_night_and_days_skip_the_holidays():
    at = moment("2026-09-30T20:00")
    assert rules.answer_due(promise(), at) == moment("2026-09-30T22:00")
    assert rules.settle_due(promise(), at) == moment("2026-10-10T18:00")
    assert rules.settle_due(promise(settle_days=None, settle_hours=24), at) == moment("2026-10-01T20:00")


def test_an_answer_in_office_hours_waits_for_the_morning():
    assert rules.answer_due(promise(answer_minutes=5, office_only=True), moment("2026-11-27T19:00")) == moment("2026-11-30T09:05")


def test_an_extension_begins_at_the_end():
    assert rules.extended(promise(), moment("2026-11-27T18:00")) == moment("2026-12-01T18:00")


@pytest.mark.parametrize(
    ("at", "percent"),
    [
        ("2026-11-27T12:00", 0),
        ("2026-11-28T12:00", 15),
        ("2026-11-29T23:00", 15),
        ("2026-12-01T12:00", 61),
        ("2026-12-02T17:59", 99),
    ],
)
def test_a_weekend_brings_nobody_nearer_to_the_end(at, percent):
    start, due = moment("2026-11-27T12:00"), moment("2026-12-02T18:00")
    got = rules.share(in_days=True, start=start, due=due, at=moment(at))
    assert abs(got - percent) <= 1


def test_past_the_end_is_a_hundred_and_more():
    start, due = moment("2026-11-27T12:00"), moment("2026-11-28T12:00")
    assert rules.share(in_days=False, start=start, due=due, at=due) == 100
    assert rules.share(in_days=False, start=start, due=due, at=due + timedelta(days=3)) == 103
    assert rules.share(in_days=False, start=start, due=due, at=start + timedelta(hours=12)) == 50


@pytest.mark.parametrize(("percent", "stage"), [(0, 0), (49, 0), (50, 50), (79, 50), (80, 80), (99, 80), (100, 100), (140, 100)])
def test_stages(percent, stage):
    assert rules.stage(percent) == stage


def test_a_pause_moves_both_ends_by_its_hours_or_by_whole_working_days():
    start, due = moment("2026-11-23T12:00"), moment("2026-11-26T18:00")
    paused, at = moment("2026-11-24T10:00"), moment("2026-11-26T09:00")
    moved = rules.resumed(in_days=True, start=start, due=due, paused=paused, at=at)
    assert moved == (moment("2026-11-25T12:00"), moment("2026-11-30T18:00"))
    hours = rules.resumed(in_days=False, start=start, due=due, paused=paused, at=at)
    assert hours == (start + timedelta(hours=47), due + timedelta(hours=47))


def test_the_newest_promise_that_has_begun_holds():
    old, new = promise(), promise(valid_from=date(2027, 1, 1), settle_days=2)
    assert rules.holding([new, old], date(2026, 12, 31)) == old
    assert rules.holding([new, old], date(2027, 1, 1)) == new
    assert rules.holding([new], date(2026, 1, 1)) == new
    with pytest.raises(LookupError):
        rules.holding([], date(2026, 1, 1))
