"""Uptime by bits, against a count minute by minute; what nobody measured counts as not working."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from public.site.status import rules
from public.site.status.rules import FULL, Span, Uptime, mask, months_before, uptime

H = datetime(2026, 11, 23, 4, tzinfo=UTC)
pytestmark = [pytest.mark.req("S2"), pytest.mark.req("R6.3.1")]


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@given(first=st.integers(-90, 150), length=st.integers(0, 200), seconds=st.integers(0, 59))
def test_a_mask_has_the_minutes_that_lie_whole_within(first, length, seconds):
    span = Span(H + timedelta(minutes=first, seconds=seconds), H + timedelta(minutes=first + length, seconds=seconds))
    counted = sum(1 << n for n in range(60) if span.start <= H + minutes(n) and H + minutes(n + 1) <= span.end)
    assert mask(H, span) == counted


bits = st.integers(0, FULL)


@given(web=bits, seen=bits, cache=bits, off=st.tuples(st.integers(0, 59), st.integers(1, 30)))
def test_it_counts_as_minute_by_minute_counting_does(web, seen, cache, off):
    hours = {H: {"WEB": (seen, web & seen), "CACHE": (FULL, cache)}}
    planned = Span(H + minutes(off[0]), H + minutes(off[0] + off[1]))
    found = uptime(hours, within=Span(H, H + timedelta(hours=1)), components=("WEB", "CACHE"), planned=[planned])
    counted = [n for n in range(60) if not off[0] <= n < off[0] + off[1]]
    assert found == Uptime(
        minutes=len(counted),
        up=sum(bool(web & seen & cache & (1 << n)) for n in counted),
        unmeasured=sum(not seen & (1 << n) for n in counted),
        planned=60 - len(counted),
    )


def test_hours_without_a_row_are_not_working():
    found = uptime({}, within=Span(H, H + timedelta(hours=3)), components=("WEB",))
    assert (found.minutes, found.up, found.unmeasured) == (180, 0, 180)


@pytest.mark.parametrize(
    ("up", "percent", "keeps", "allowed"),
    [(43_200, "100.000", True, 43), (43_157, "99.900", True, 43), (43_156, "99.898", False, 43), (0, "0.000", False, 43)],
)
def test_the_promise_is_never_reached_by_rounding(up, percent, keeps, allowed):
    month = Uptime(minutes=43_200, up=up)
    assert (month.percent, month.keeps, month.allowed) == (percent, keeps, allowed)


def test_a_years_faults_are_never_rounded_away():
    year = Uptime(minutes=525_600, up=525_600 - 1_576)
    assert (year.fault_percent, year.is_within_the_year) == ("0.300", True)
    assert not Uptime(minutes=525_600, up=525_600 - 1_577).is_within_the_year


def test_nothing_measured_is_no_kept_promise():
    assert (Uptime().percent, Uptime().keeps, Uptime().share) == ("—", False, None)


def test_months_are_those_of_zhejiang():
    spans = months_before(datetime(2026, 12, 31, 16, 30, tzinfo=UTC), 3)  # already the new year in Zhejiang
    starts = [span.start for span in spans]
    assert [f"{start:%Y-%m-%d %H:%M %z}" for start in starts] == [
        "2027-01-01 00:00 +0800",
        "2026-12-01 00:00 +0800",
        "2026-11-01 00:00 +0800",
    ]
    assert spans[1].end == spans[0].start
    assert rules.hour_of(starts[0]) == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_a_gap_is_what_nobody_measured_at_all_for_two_minutes_or_more_and_no_announced_work():
    begin, measured = H, FULL
    for minute in (10, 20, 21, 58, 59):
        measured &= ~(1 << minute)
    hours = {begin: {"WEB": (measured, measured), "CACHE": (1 << 20, 0)}, begin + rules.HOUR: {"WEB": (FULL & ~0b11, 0)}}
    whole = Span(begin, begin + 2 * rules.HOUR)
    assert rules.gaps(hours, within=whole) == [Span(begin + timedelta(minutes=58), begin + timedelta(minutes=62))]
    assert rules.gaps(hours, within=whole, least=1)[0] == Span(begin + timedelta(minutes=10), begin + timedelta(minutes=11))
    work = Span(begin + timedelta(minutes=50), begin + timedelta(minutes=70))
    assert rules.gaps(hours, within=whole, planned=[work]) == []
    assert rules.gaps({}, within=Span(begin, begin)) == []
