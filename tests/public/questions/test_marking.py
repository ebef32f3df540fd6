"""Responses and points, for every question and every response that anybody could send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from public.questions.api import clean, flatten, hide, is_right, lay_out, mark, worth
from tests.public.questions.ground import content

KINDS = ("single", "multiple", "judge", "order", "blank", "text")
seeds = st.integers(0, 2**63)
scores = st.integers(1, 20)
sent = st.lists(st.sampled_from(["A", "B", "C", "D", "E", "", " ", "灭火器", "30", "先断电"]), max_size=6)


def _right(item):
    """The answer as somebody would give it."""
    return [gap[0] for gap in item["answer"]] if item["kind"] == "blank" else item["answer"]


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("single", ["B"], ["B"]),
        ("single", ["A", "B"], None),
        ("single", ["Z"], None),
        ("multiple", ["C", "A", "A"], ["A", "C"]),
        ("judge", [], []),
        ("order", ["C", "A"], ["C", "A"]),
        ("order", ["C", "C"], None),
        ("blank", [" 灭火器 ", ""], ["灭火器", ""]),
        ("blank", ["", "  "], []),
        ("blank", ["灭火器"], None),
        ("blank", ["灭" * 501, ""], None),
        ("text", [" 先断电。"], ["先断电。"]),
        ("text", ["一", "二"], None),
        ("text", [" "], []),
    ],
)
def test_keeps_a_response_that_fits(kind, sent, kept):
    assert clean(content(kind), sent) == kept


def test_gaps_share_the_points_and_know_other_spellings():
    item = {**content("blank"), "score": 5}
    assert mark(item, ["灭火机", "３０"]) == 5
    assert mark(item, ["灭 火 器。", "31"]) == 2
    assert mark(item, ["", "30"]) == 2
    assert mark({**item, "score": 1}, ["灭火器", ""]) == 0


def test_a_text_waits_for_a_person_unless_it_is_empty():
    assert mark(content("text"), ["先断电"]) is None
    assert mark(content("text"), []) == 0
    assert not is_right(content("text"), ["先断电"])


def test_a_sequence_counts_only_in_its_order():
    item = {**content("order"), "score": 3}
    assert [mark(item, given) for given in (["A", "B", "C"], ["B", "A", "C"], ["A", "B"])] == [3, 0, 0]


@given(kind=st.sampled_from(KINDS), sent=sent, score=scores)
def test_no_response_earns_less_than_nothing_or_more_than_all(kind, sent, score):
    item = {**content(kind), "score": score}
    kept = clean(item, sent)
    if kept is None:
        return
    points = mark(item, kept)
    assert points is None or 0 <= points <= score == worth(item)
    assert clean(item, kept) == kept


@given(kind=st.sampled_from(KINDS[:-1]), seed=seeds, score=scores)
def test_the_right_answer_earns_everything_however_the_paper_is_laid_out(kind, seed, score):
    (item,) = lay_out([{**content(kind), "score": score}], seed=seed)
    assert mark(item, clean(item, _right(item))) == score
    assert is_right(item, _right(item))


@given(kinds=st.lists(st.sampled_from([*KINDS, "case"]), min_size=1, max_size=6), seed=seeds)
def test_a_paper_loses_no_question_no_option_and_no_answer(kinds, seed):
    whole = [content(kind) for kind in kinds]
    flat = [one for item in whole for one in flatten(item)]
    paper = lay_out(whole, seed=seed)
    assert paper == lay_out(whole, seed=seed)
    assert [item["no"] for item in paper] == list(range(1, len(flat) + 1))
    for before, after in zip(flat, paper, strict=True):
        assert before["stem"] == after["stem"]
        assert sorted(o["text"] for o in before["options"]) == sorted(o["text"] for o in after["options"])
        assert "".join(o["key"] for o in after["options"]) == "ABCD"[: len(after["options"])]
        if before["options"]:
            told = [{o["key"]: o["text"] for o in item["options"]} for item in (before, after)]
            right = [[told[n][key] for key in item["answer"]] for n, item in enumerate((before, after))]
            assert right[0] == right[1] if before["kind"] == "order" else sorted(right[0]) == sorted(right[1])
        assert "answer" not in hide(after)


@given(kind=st.sampled_from(["single", "multiple", "order"]), score=st.integers(1, 9), parts=st.integers(1, 9))
def test_the_parts_of_a_case_share_its_score_and_none_is_worth_nothing(kind, score, parts):
    flat = flatten(content("case", parts=[content(kind)] * parts) | {"score": score})
    assert sum(item["score"] for item in flat) == max(score, parts)
    assert min(item["score"] for item in flat) >= 1
