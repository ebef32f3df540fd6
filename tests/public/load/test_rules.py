"""When it is too much, for how long, and when a growing load will be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from public.load import rules
from public.load.rules import Standing

pytestmark = pytest.mark.req("R5.3")
TODAY = date(2026, 11, 23)


def walked(shares: list[float]) -> list[str]:
    standing, told = Standing(), []
    for part in shares:
        step = rules.step(standing, part)
        standing = step.standing
        told.append(step.told)
    return told


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([0.69, 0.6999, 0.69], ["", "", ""]),
        ([0.70, 0.70], ["", "BEGAN"]),
        ([0.70, 0.1, 0.70], ["", "", ""]),
        ([0.95, 0.95], ["", "BEGAN"]),
        ([0.71, 0.71, 0.9, 0.99], ["", "BEGAN", "WORSE", ""]),
        ([0.8, 0.8] + [0.64] * 5, ["", "BEGAN", "", "", "", "", "OVER"]),
        ([0.8, 0.8] + [0.64] * 4 + [0.66] + [0.64] * 5, ["", "BEGAN"] + [""] * 9 + ["OVER"]),
        ([0.8, 0.8] + [0.0] * 5 + [0.8, 0.8], ["", "BEGAN", "", "", "", "", "OVER", "", "BEGAN"]),
    ],
)
def test_two_minutes_begin_it_and_five_calm_ones_end_it(shares, told):
    assert walked(shares) == told


def test_what_begins_severe_is_severe_and_stays_so_until_it_is_over():
    standing = rules.step(rules.step(Standing(), 0.95).standing, 0.95).standing
    assert standing.level == "SEVERE"
    assert rules.step(standing, 0.75) == rules.Step(Standing(standing.above + 1, 0, "SEVERE"))


def test_a_meter_without_a_design_load_never_warns():
    assert rules.share(1e12, 0) == 0.0


def grown(days: int, *, by: float, start: float = 100.0) -> list[tuple[date, float]]:
    return [(TODAY - timedelta(days=days - 1 - n), start + by * n) for n in range(days)]


def test_a_steady_growth_reaches_the_line_on_the_day_it_would():
    peaks = grown(30, by=2.0)
    assert peaks[-1][1] == 158
    assert rules.days_until(peaks, line=178) == 10


def test_days_that_were_not_measured_do_not_bend_the_line():
    peaks = [peak for n, peak in enumerate(grown(30, by=2.0)) if n % 3]
    assert rules.days_until(peaks, line=178) == 10


@pytest.mark.parametrize(
    ("peaks", "line", "days"),
    [
        ([], 10.0, None),
        (grown(6, by=5.0), 1000.0, None),
        (grown(30, by=0.0), 1000.0, None),
        (grown(30, by=-1.0), 1000.0, None),
        (grown(30, by=0.001), 1000.0, None),
        (grown(30, by=2.0), 158.0, 0),
        (grown(30, by=2.0), 158.1, 1),
        (grown(90, by=2.0)[:60] + grown(30, by=0.0, start=218.0), 1000.0, None),
    ],
    ids=["nothing", "too young", "level", "falling", "beyond ten years", "there", "tomorrow", "older growth is another time"],
)
def test_a_forecast_says_nothing_where_it_knows_nothing(peaks, line, days):
    assert rules.days_until(peaks, line=line) == days
