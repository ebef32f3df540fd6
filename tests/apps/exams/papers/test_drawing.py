"""Drawing by rows: conditions are always met or refused in advance, nothing twice, the same for the same seed, fair to every question."""

import random
from collections import Counter
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exams.papers import drawing
from apps.exams.papers.shapes import Candidate, Row
from public.questions import api as questions

TOPICS, KINDS = ("甲", "乙", "丙"), ("single", "multiple", "case", "text")


def candidate(n, *, topic="甲", points=(), difficulty=1, kind="single", items=1, own_bank=""):
    bank = questions.OWN if own_bank else questions.SHARED
    return Candidate(questions.Ref(bank, UUID(int=n), 1), topic, tuple(points), difficulty, kind, items, own_bank)


@st.composite
def pools(draw):
    size = draw(st.integers(0, 14))
    return [
        candidate(
            n,
            topic=draw(st.sampled_from(TOPICS)),
            points=draw(st.sampled_from([(), ("要点",)])),
            difficulty=draw(st.integers(1, 3)),
            kind=(kind := draw(st.sampled_from(KINDS))),
            items=draw(st.integers(1, 4)) if kind == "case" else 1,
            own_bank=draw(st.sampled_from(["", "b1"])),
        )
        for n in range(size)
    ]


rows = st.lists(
    st.builds(
        Row,
        count=st.integers(1, 4),
        score=st.integers(1, 4),
        bank=st.sampled_from(["", "", "shared", "own", "b1"]),
        topics=st.sampled_from([(), ("甲",), ("甲", "乙"), ("丙",)]),
        points=st.sampled_from([(), (), ("要点",)]),
        kind=st.sampled_from(["", "", *KINDS]),
        low=st.integers(1, 2),
        high=st.integers(2, 3),
    ),
    min_size=1,
    max_size=4,
)


def can_be_filled(wanted, pool):
    """By the marriage theorem, from its definition: any rows together find at least as many questions as they ask for."""
    sets = (some for size in range(1, len(wanted) + 1) for some in combinations(wanted, size))
    return all(sum(row.count for row in some) <= sum(any(row.takes(one) for row in some) for one in pool) for some in sets)


@pytest.mark.req("R2.8")
@given(rows, pools(), st.integers(0, 2**63 - 1))
def test_conditions_are_always_met_or_refused_in_advance(wanted, pool, seed):
    short = drawing.shortages(wanted, pool)
    assert bool(short) is not can_be_filled(wanted, pool)
    drawn = drawing.draw(wanted, pool, dice=random.Random(seed))
    every = [one.ref for held in drawn for one in held]
    assert len(set(every)) == len(every)
    assert all(row.takes(one) for row, held in zip(wanted, drawn, strict=True) for one in held)
    full = [len(held) == row.count for row, held in zip(wanted, drawn, strict=True)]
    assert all(full) is not bool(short)


@given(rows, pools())
def test_a_refusal_names_rows_that_really_are_short_and_none_to_no_purpose(wanted, pool):
    for one in drawing.shortages(wanted, pool):
        named = [wanted[index] for index in one.rows]
        assert one.needed == sum(row.count for row in named)
        assert one.found == sum(any(row.takes(entry) for row in named) for entry in pool)
        assert one.needed > one.found
        for left_out in range(len(named)) if len(named) > 1 else ():
            rest = named[:left_out] + named[left_out + 1 :]
            assert sum(row.count for row in rest) <= sum(any(row.takes(entry) for row in rest) for entry in pool)


@given(rows, pools(), st.integers(0, 2**63 - 1), st.randoms())
def test_the_same_seed_draws_the_same_in_whatever_order_the_bank_answers(wanted, pool, seed, shuffler):
    first = drawing.draw(wanted, pool, dice=random.Random(seed))
    shuffler.shuffle(pool)
    assert drawing.draw(wanted, pool, dice=random.Random(seed)) == first


def test_rows_that_compete_are_always_filled_though_picking_one_after_the_other_would_fail():
    pool = [candidate(1), candidate(2), candidate(3, topic="乙")]
    greedy, picky = Row(count=1, score=1), Row(count=2, score=1, topics=("甲",))
    for seed in range(50):
        drawn = drawing.draw([greedy, picky], pool, dice=random.Random(seed))
        assert [len(held) for held in drawn] == [1, 2]
        assert drawn[0][0].topic == "乙"
    (short,) = drawing.shortages([Row(count=2, score=1), picky], pool)
    assert (short.rows, short.needed, short.found) == ((0, 1), 4, 3)
    (alone,) = drawing.shortages([greedy, Row(count=3, score=1, topics=("甲",))], pool)
    assert (alone.rows, alone.needed, alone.found) == ((1,), 3, 2)


def test_a_case_with_more_questions_than_points_and_texts_that_nobody_asked_for_are_left_out():
    case, text = candidate(1, kind="case", items=5), candidate(2, kind="text")
    assert not Row(count=1, score=4, kind="case").takes(case)
    assert Row(count=1, score=5, kind="case").takes(case)
    assert not Row(count=1, score=9).takes(case)
    assert not Row(count=1, score=9).takes(text)
    assert Row(count=1, score=9, kind="text").takes(text)


def chi_square(seen, expected):
    return sum((count - expected) ** 2 / expected for count in seen)


DRAWS = 3000


@pytest.mark.req("R2.8")
def test_every_question_that_fits_is_drawn_with_the_same_chance():
    """40 questions, 10 drawn: 39 degrees of freedom, 99.9 % of fair draws stay below 72.1 (these are less spread still)."""
    pool, wanted = [candidate(n) for n in range(40)], [Row(count=6, score=1), Row(count=4, score=2)]
    seen = Counter(
        one.ref for seed in range(DRAWS) for held in drawing.draw(wanted, pool, dice=random.Random(seed)) for one in held
    )
    assert len(seen) == 40
    assert chi_square(seen.values(), DRAWS * 10 / 40) < 72.1
    for no, row in enumerate(wanted):  # and none is more often worth two points than another
        worth = Counter(one.ref for seed in range(DRAWS) for one in drawing.draw(wanted, pool, dice=random.Random(seed))[no])
        assert chi_square(worth.values(), DRAWS * row.count / 40) < 72.1


def test_questions_that_fit_the_same_competing_rows_have_the_same_chance():
    """Three rows over two topics: within a topic all chances are equal, however the rows compete."""
    pool = [candidate(n) for n in range(12)] + [candidate(n, topic="乙", difficulty=2) for n in range(12, 20)]
    wanted = [
        Row(count=3, score=1, topics=("甲",)),
        Row(count=4, score=2, topics=("甲", "乙")),
        Row(count=2, score=3, low=2),
    ]
    seen = Counter(
        one.ref.question.int
        for seed in range(DRAWS)
        for held in drawing.draw(wanted, pool, dice=random.Random(seed))
        for one in held
    )
    for group, bound in ((range(12), 31.3), (range(12, 20), 24.4)):  # 99.9 % at 11 and 7 degrees of freedom
        counts = [seen[n] for n in group]
        assert chi_square(counts, sum(counts) / len(counts)) < bound
