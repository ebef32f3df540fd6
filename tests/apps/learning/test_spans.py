"""Interval arithmetic against plain sets of milliseconds."""

from hypothesis import given
from hypothesis import strategies as st

from apps.learning import spans

BOUND = st.integers(0, 60)
SETS = st.lists(st.tuples(BOUND, BOUND), max_size=8).map(lambda pairs: spans.from_bounds(p for p in pairs if p[0] < p[1]))


def points(found: spans.Spans) -> set[int]:
    return {ms for low, high in found for ms in range(low, high)}


def is_tidy(found: spans.Spans) -> bool:
    flat = [edge for span in found for edge in span]
    return flat == sorted(set(flat))


@given(SETS, SETS)
def test_union_holds_what_either_holds(one, other):
    joined = spans.union(one, other)
    assert points(joined) == points(one) | points(other)
    assert is_tidy(joined)
    assert spans.measure(joined) == len(points(joined))


@given(SETS, BOUND, BOUND)
def test_missing_is_what_the_set_does_not_hold(held, low, high):
    found = spans.missing(held, low, high)
    assert points(found) == set(range(low, high)) - points(held)
    assert is_tidy(found)


@given(SETS, st.integers(-5, 80))
def test_head_takes_the_first_milliseconds(held, ms):
    assert sorted(points(spans.head(held, ms))) == sorted(points(held))[: max(0, ms)]


def test_end_of_nothing_is_the_beginning():
    assert spans.end(()) == 0
    assert spans.end(((0, 5), (9, 12))) == 12


def test_text_is_what_postgresql_reads():
    assert spans.to_text(((0, 15_000), (30_000, 45_000))) == "{[0,15000),[30000,45000)}"
    assert spans.to_text(()) == "{}"


@given(SETS)
def test_text_turns_round(held):
    assert spans.from_text(spans.to_text(held)) == held
