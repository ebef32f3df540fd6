"""Mean, percentiles and shares, against figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from public.timing import rules, words
from public.timing.audiences import Audience, audience_of
from public.timing.rules import BOUNDS, Figures

pytestmark = pytest.mark.req("R6.1.4")


def figures(*ms: int) -> Figures:
    buckets = [0] * len(BOUNDS)
    for one in ms:
        buckets[rules.bucket(one)] += 1
    return Figures(len(ms), len(ms), sum(ms), buckets)


@pytest.mark.parametrize(
    ("ms", "bound"),
    [(0, 25), (25, 25), (26, 50), (150, 150), (151, 200), (3_000, 3_000), (3_001, 4_000), (60_000, 60_000), (9_999_999, 60_000)],
)
def test_a_bound_belongs_to_its_bucket(ms, bound):
    assert BOUNDS[rules.bucket(ms)] == bound


def test_percentiles_lie_on_a_straight_line_within_their_bucket():
    # 10 between 100 and 150, 8 between 750 and 1,000, 2 between 2,500 and 3,000
    told = figures(*[120] * 10, *[800] * 8, *[2_600] * 2)
    assert told.mean_ms == (1_200 + 6_400 + 5_200) / 20 == 640
    assert told.quantile(0.5) == 150  # the tenth of ten
    assert told.quantile(0.75) == 750 + 250 * 5 / 8 == 906.25  # the fifth of eight
    assert told.quantile(0.95) == 2_500 + 500 * 1 / 2 == 2_750  # the first of two
    assert told.quantile(1) == 3_000
    assert told.quantile(0) == 100


def test_shares_within_both_bars_are_exact():
    told = figures(150, 151, 3_000, 3_001)
    assert told.within(150) == 0.25
    assert told.within(3_000) == 0.75


def test_of_nothing_nothing_is_said():
    none = Figures()
    assert (none.mean_ms, none.quantile(0.5), none.within(3_000)) == (None, None, None)
    assert words.seconds(None) == words.percent(None) == words.milliseconds(None) == "—"
    assert words.verdict(none)[0] == "neutral"
    assert "没有数据" in words.sentence(none)


def test_both_together_are_the_sum():
    both = figures(100, 200) + figures(300)
    assert (both.count, both.sampled, both.total_ms, sum(both.buckets)) == (3, 3, 600, 3)
    assert rules.added([]) == Figures()


@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=20), st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.95, 1.0]))
def test_a_percentile_is_in_the_bucket_of_the_time_that_has_that_rank(times, part):
    told = figures(*times)
    found = told.quantile(part)
    ranked = sorted(times)[max(0, -int(-(part * len(times)) // 1) - 1)]
    number = rules.bucket(ranked)
    assert (BOUNDS[number - 1] if number else 0) <= found <= BOUNDS[number]


def test_the_verdict_is_on_the_mean_and_needs_some_waits():
    assert words.verdict(figures(*[3_000] * 20)) == ("proven", "达标")
    assert words.verdict(figures(*[3_001] * 20)) == ("stop", "超过 3 秒")
    assert words.verdict(figures(*[9_000] * 19))[0] == "neutral"
    assert words.seconds(3_000.01) == "3.01 秒", "what is over the bar is not called 3"
    assert words.seconds(840) == "0.84 秒"
    assert words.sentence(figures(840)) == "平均响应时间 0.84 秒（标准 ≤ 3 秒）"
    assert words.percent(0.99999) == "99.9%"


@pytest.mark.parametrize(
    ("route", "audience"),
    [
        ("learn-home", Audience.LEARNER),
        ("console", Audience.MANAGER),
        ("desk-load", Audience.OPERATOR),
        ("regulator-home", Audience.AUTHORITY),
        ("inspect-files", Audience.AUTHORITY),
        ("verify", Audience.ANYBODY),
        ("sign-in", Audience.ANYBODY),
    ],
)
def test_whose_page_it_is_is_told_by_its_name(route, audience):
    assert audience_of(route) == audience
