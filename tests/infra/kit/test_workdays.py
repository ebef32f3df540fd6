"""Promised times skip weekends and holidays, and count the Sundays that are worked instead (调休)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from infra.kit import clock, workdays


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


# 2026: National Day 1 to 7 October; Sunday 20 September and Saturday 10 October are worked.
@pytest.mark.req("R6.1.6")
@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-20", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2040-01-02", True),
    ],
)
def test_knows_holidays_and_moved_days(day, works):
    assert workdays.is_working(date.fromisoformat(day)) is works


def test_three_working_days_across_the_national_day_end_after_it():
    assert workdays.after(moment("2026-09-30T10:00"), 3) == moment("2026-10-10T18:00")


def test_shifts_keep_the_time_of_day():
    assert workdays.shifted(moment("2026-09-30T10:15"), 1) == moment("2026-10-08T10:15")
    assert workdays.shifted(moment("2026-09-30T10:15"), 0) == moment("2026-09-30T10:15")


def test_counts_working_days_that_begin_between_two_moments():
    assert workdays.between(moment("2026-09-30T10:00"), moment("2026-10-09T09:00")) == 2
    assert workdays.between(moment("2026-11-23T10:00"), moment("2026-11-23T17:00")) == 0
    assert workdays.between(moment("2026-11-24T10:00"), moment("2026-11-23T17:00")) == 0


def test_spans_leave_holidays_out():
    assert workdays.span(moment("2026-09-30T12:00"), moment("2026-10-08T12:00")) == timedelta(hours=24)
    assert workdays.span(moment("2026-10-02T12:00"), moment("2026-10-03T12:00")) == timedelta(0)
    assert workdays.span(moment("2026-11-24T12:00"), moment("2026-11-23T12:00")) == timedelta(0)


@pytest.mark.parametrize(
    ("at", "minutes", "due"),
    [
        ("2026-11-23T10:00", 5, "2026-11-23T10:05"),
        ("2026-11-23T17:58", 5, "2026-11-24T09:03"),
        ("2026-11-23T22:00", 5, "2026-11-24T09:05"),
        ("2026-11-28T10:00", 5, "2026-11-30T09:05"),
    ],
)
def test_office_minutes_begin_the_next_morning_at_night_and_at_weekends(at, minutes, due):
    assert workdays.in_office(moment(at), minutes) == moment(due)
