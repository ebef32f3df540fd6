"""Time and order of what a browser says, judged by properties: late retries, several pages, the server's clock alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exams.sitting import rules
from tests.apps.plans.ground import NOON

_KEYS = st.lists(st.sampled_from("ABC"), max_size=2)
_SAID = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 4), _KEYS), max_size=30, unique_by=lambda one: one[0])


@pytest.mark.req("R2.8")
@given(said=_SAID, data=st.data())
def test_the_newest_answer_counts_in_whatever_order_and_how_often_they_come(said, data):
    order = data.draw(st.permutations(said))
    again = data.draw(st.lists(st.sampled_from(said), max_size=10)) if said else []
    expected = {str(no): response for _seq, no, response in sorted(said) if response}
    cleared = {str(no) for no in range(1, 5)} - {
        str(no) for no in range(1, 5) if any(n == no for _s, n, _r in said) and [r for _s, n, r in sorted(said) if n == no][-1]
    }
    assert rules.newest([*order, *again]) == {no: response for no, response in expected.items() if no not in cleared}


@given(page=st.integers(1, 50), other=st.integers(1, 50), one=st.integers(1, 300), two=st.integers(1, 300))
def test_whatever_an_older_page_says_late_is_below_the_newer_one(page, other, one, two):
    older, newer = sorted((page, other))
    if older == newer:
        return
    assert rules.page_base(older) + one < rules.page_base(newer) + two
    assert rules.page_of(rules.page_base(older) + one) == older


@pytest.mark.parametrize(
    ("seq", "pages", "open_s", "may"),
    [(1, 0, 0, True), (0, 0, 0, False), (-5, 3, 0, False), (1_000_001, 1, 0, True), (1_000_001, 0, 0, False),
     (2_000_000, 1, 0, False), (1_000_301, 1, 0, False), (1_000_301, 1, 1, True), (9 * 10**18, 9, 9, False)],
)  # fmt: skip
def test_only_numbers_of_pages_that_were_opened_count_and_no_more_than_a_person_says(seq, pages, open_s, may):
    assert rules.may_say(seq, pages=pages, open_s=open_s) is may


@given(late_ms=st.integers(-10_000, 100_000))
def test_too_late_begins_right_after_the_grace(late_ms):
    due = NOON + timedelta(minutes=30)
    assert rules.is_over(due + timedelta(milliseconds=late_ms), due) is (late_ms > 30_000)


def test_the_first_proof_comes_before_the_first_question_later_ones_leave_a_moment():
    second = timedelta(seconds=1)
    asked = {"check_due_at": NOON, "proven_at": None}
    assert rules.must_prove(**asked, at=NOON)
    again = {"check_due_at": NOON, "proven_at": NOON - timedelta(minutes=9)}
    assert not rules.must_prove(**again, at=NOON + rules.CHECK_WITHIN)
    assert rules.must_prove(**again, at=NOON + rules.CHECK_WITHIN + second)
    assert not rules.must_prove(check_due_at=None, proven_at=None, at=NOON)


@given(minutes=st.integers(1, 180))
def test_random_checks_are_never_asked_in_the_last_minutes(minutes):
    due = NOON + timedelta(minutes=minutes)
    when = rules.next_check("random", at=NOON, due_at=due)
    assert when is None or NOON + timedelta(minutes=6) <= when <= due - rules.CHECK_NOT_BEFORE_END
    assert rules.next_check("start", at=NOON, due_at=due) is None


@pytest.mark.parametrize(
    ("leaves", "limit", "action", "ends"),
    [(1, 0, "submit", False), (3, 3, "submit", False), (4, 3, "submit", True), (9, 3, "note", False)],
)
def test_one_leaving_more_than_allowed_hands_in(leaves, limit, action, ends):
    assert rules.leaves_too_often(leaves, limit=limit, action=action) is ends


_ITEM = {"kind": "single", "options": [{"key": "A", "text": "对"}, {"key": "B", "text": "错"}], "answer": ["A"]}


@pytest.mark.req("R2.8")
@given(scores=st.lists(st.integers(1, 20), min_size=1, max_size=12), data=st.data())
def test_a_score_is_the_earned_share_cut_and_full_only_for_everything(scores, data):
    paper = [{**_ITEM, "no": no, "score": score} for no, score in enumerate(scores, 1)]
    chosen = {str(no): [data.draw(st.sampled_from("AB"))] for no in range(1, len(scores) + 1)}
    earned = rules.earned(paper, chosen, {})
    points = sum(earned.values())
    assert points == sum(score for no, score in enumerate(scores, 1) if chosen[str(no)] == ["A"])
    percent = rules.percent(points, paper)
    assert 0 <= percent <= 100
    assert (percent == 100) is (points == sum(scores))
    assert percent * sum(scores) <= points * 100 < (percent + 1) * sum(scores)


def test_waiting_and_learning_anew_are_counted_up_to_the_minute():
    assert rules.cools_until(NOON, 0, at=NOON) is None
    assert rules.cools_until(NOON, 2, at=NOON + timedelta(hours=2)) is None
    assert rules.cools_until(NOON, 2, at=NOON + timedelta(hours=1)) == NOON + timedelta(hours=2)
    assert [rules.restudy_missing_min(ms, 10) for ms in (0, 1, 540_001, 599_999, 600_000, 10**7)] == [10, 10, 1, 1, 0, 0]


@pytest.mark.parametrize(("worths", "tells"), [([1] * 10, False), ([10] * 10, True), ([5, 3], True), ([2] * 20, False)])
def test_points_are_told_where_they_help(worths, tells):
    assert rules.tells_points(worths) is tells
