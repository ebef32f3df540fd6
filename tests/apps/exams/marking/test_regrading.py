"""A question found wrong: all tries that had it, whatever letters their papers gave; the effect first, one proposal, a second person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exams.marking import booking, correcting, regrading, rules
from apps.exams.marking.models import ScoreEntry, ScoreProposal
from apps.exams.marking.regrading import Order
from apps.exams.marking.results import results_of
from apps.exams.mistakes.models import Collected, Mistake
from apps.exams.models import Attempt
from tests.apps.exams.marking.ground import LATER, REASON, choice, everyone, managers, question, sit
from tests.apps.exams.sitting.ground import code_of, start

KEY = rules.key_of(choice(2, no=2))


@pytest.fixture
def two(in_jia):
    return managers()


@pytest.fixture
def tries(two):
    """Three with the question under other letters: right by the key, right by the new answer, wrong either way."""
    views = everyone(4)
    said = ("对的", "错的一", "错的二")
    made = []
    for turn, (view, word) in enumerate(zip(views, said, strict=False)):
        paper = [choice(1, no=1, score=6), choice(2, no=2, score=4, turn=turn)]
        made.append(sit(view, paper, {1: "对的", 2: word}))
    open_one = start(views[3])
    Attempt.objects.filter(uuid=open_one.uuid).update(paper=[choice(1, no=1), choice(2, no=2)])
    return made


def scores(tries):
    found = results_of(list(Attempt.objects.filter(pk__in=[row.pk for row in tries])))
    return [found[row.pk].score for row in tries]


def carry_out(order, two):
    made = regrading.propose(order=order, reason=REASON, by=two[0], own=None, at=LATER)
    correcting.decide(proposal=made.uuid, approve=True, by=two[1], own=None, at=LATER)
    return made


@pytest.mark.req("R2.8")
def test_the_effect_is_shown_first_and_nothing_is_written(two, tries):
    found = regrading.preview(Order(KEY, "KEY", ("错的一",), only_up=False))
    effect = found.effect
    assert (effect.tries, effect.up, effect.down, effect.to_pass, effect.to_fail, effect.kept) == (2, 1, 1, 1, 1, 1)
    assert effect.unfinished == 1, "the try that is still open"
    assert not ScoreProposal.objects.exists()
    assert scores(tries) == [100, 60, 60]


@pytest.mark.parametrize(
    ("order", "after"),
    [
        (Order(KEY, "KEY", ("错的一",), only_up=False), [60, 100, 60]),
        (Order(KEY, "KEY", ("错的一",)), [100, 100, 60]),
        (Order(KEY, "ALSO", ("错的一",)), [100, 100, 60]),
        (Order(KEY, "ALL"), [100, 100, 100]),
        (Order(KEY, "NONE"), [100, 100, 100]),
    ],
)
def test_everybody_who_had_the_question_is_marked_anew(two, tries, order, after):
    made = carry_out(order, two)
    assert scores(tries) == after
    assert ScoreProposal.objects.get(pk=made.pk).done_at is not None


def books(tries):
    """Whose book holds question 2, and what is right in it by its words."""
    rows = Mistake.objects.filter(key=f"own:{question(2)}")
    texts = {row.learner_id: {one["key"]: one["text"] for one in row.item["options"]} for row in rows}
    right = {row.learner_id: [texts[row.learner_id][key] for key in row.item["answer"]] for row in rows}
    return [right.get(row.learner_id) for row in tries]


@pytest.mark.req("R2.8")
def test_the_book_of_wrong_answers_follows_a_corrected_key(two, tries):
    assert books(tries) == [None, ["对的"], ["对的"]]
    carry_out(Order(KEY, "KEY", ("错的一",), only_up=False), two)
    assert books(tries) == [["错的一"], None, ["错的一"]], "in, out, and put right for who stays wrong"
    judged = Collected.objects.filter(ref__in=[row.uuid for row in tries], no=2)
    assert {one.ref: one.right for one in judged} == dict(zip([row.uuid for row in tries], (False, True, False), strict=True))
    before = list(Mistake.objects.order_by("pk").values())
    for proposal in ScoreProposal.objects.all():
        booking.correct_books(proposal)
    assert list(Mistake.objects.order_by("pk").values()) == before, "cut off and done again, nothing changes"


@pytest.mark.parametrize("order", [Order(KEY, "ALL"), Order(KEY, "NONE"), Order(KEY, "ALSO", ("错的一",))])
def test_a_question_without_one_key_leaves_every_book(two, tries, order):
    carry_out(order, two)
    assert books(tries) == [None, None, None]


def test_points_for_one_try_take_the_question_out_of_that_book_alone(two, tries):
    made = correcting.propose(attempt=tries[1].uuid, points={2: 4}, reason=REASON, by=two[0], own=None, at=LATER)
    correcting.decide(proposal=made.uuid, approve=True, by=two[1], own=None, at=LATER)
    assert books(tries) == [None, None, ["对的"]]


def test_a_further_answer_leaves_standing_what_was_marked_anew_before(two, tries):
    carry_out(Order(KEY, "KEY", ("错的一",), only_up=False), two)
    carry_out(Order(KEY, "ALSO", ("错的二",), only_up=False), two)
    assert scores(tries) == [60, 100, 100], "the key that was found wrong earns nothing again"


def test_options_that_differ_only_far_behind_are_told_apart(two):
    (view,) = everyone(1)
    long = "先断电，再验电；" * 40
    asked = choice(2, no=2)
    asked["options"] = [{**option, "text": long + option["text"]} for option in asked["options"]]
    row = sit(view, [choice(1, no=1, score=6), asked], {1: "对的", 2: f"{long}错的一"})
    assert scores([row]) == [60]
    carry_out(Order(KEY, "KEY", (f"{long}错的一",)), two)
    assert scores([row]) == [100]


def test_a_question_left_out_stays_out_and_a_second_order_finds_nothing_to_do(two, tries):
    carry_out(Order(KEY, "NONE"), two)
    assert {tuple(entry.left_out) for entry in ScoreEntry.objects.all()} == {(2,)}
    assert code_of(regrading.preview, Order(KEY, "ALL")) == "nothing_changes"


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(KEY, "KEY"), "answer"),
        (Order(KEY, "KEY", ("没有这个选项",)), "answer"),
        (Order(KEY, "ALSO", ("错的一", "错的二")), "answer"),
        (Order(KEY, "SOMETHING"), "mode"),
        (Order(KEY, "KEY", ("对的",)), "nothing_changes"),
        (Order(("own", "nothing", 1, 0), "ALL"), "not_found"),
    ],
)
def test_refuses_orders_that_do_not_fit_and_writes_nothing(two, tries, order, code):
    refused = code_of(regrading.propose, order=order, reason=REASON, by=two[0], own=None, at=LATER)
    assert refused == code
    assert not ScoreProposal.objects.exists()


def test_one_doubt_about_a_question_at_a_time_and_nobody_about_the_own_result(two, tries):
    order = Order(KEY, "ALL")
    own = tries[1].learner_id
    assert code_of(regrading.propose, order=order, reason=REASON, by=two[0], own=own, at=LATER) == "own_attempt"
    regrading.propose(order=order, reason=REASON, by=two[0], own=None, at=LATER)
    assert code_of(regrading.propose, order=order, reason=REASON, by=two[1], own=None, at=LATER) == "already_proposed"
    assert ScoreProposal.objects.count() == 1


def test_a_later_correction_of_one_try_builds_on_the_regrade(two, tries):
    carry_out(Order(KEY, "NONE"), two)
    made = correcting.propose(attempt=tries[1].uuid, points={1: 3}, reason=REASON, by=two[0], own=None, at=LATER)
    correcting.decide(proposal=made.uuid, approve=True, by=two[1], own=None, at=LATER)
    assert scores(tries)[1] == 50, "three of six, without the question that was left out"


@given(
    worths=st.lists(st.integers(1, 20), min_size=1, max_size=12),
    data=st.data(),
)
def test_scores_stay_between_0_and_100_and_more_points_never_make_less(worths, data):
    paper = [{"no": no, "score": worth} for no, worth in enumerate(worths, 1)]
    points = {no: data.draw(st.integers(0, worth)) for no, worth in enumerate(worths, 1)}
    out = data.draw(st.sets(st.integers(1, len(worths))))
    score = rules.score_of(paper, points, out)
    assert 0 <= score <= 100
    best = dict(enumerate(worths, 1))
    assert rules.score_of(paper, best, out) == 100
    no = data.draw(st.integers(1, len(worths)))
    assert rules.score_of(paper, {**points, no: worths[no - 1]}, out) >= score


@pytest.mark.parametrize("kind", ["multiple", "order", "blank"])
def test_other_kinds_are_marked_anew_by_their_texts(kind):
    item = {**choice(1, no=1), "kind": kind}
    if kind == "blank":
        item |= {"options": [], "answer": [["灭火器"]]}
        marked = [rules.points_anew(item, [word], mode="ALSO", answer=["灭火机"]) for word in ("灭火器", "灭火机", "水桶")]
        assert marked == [4, 4, 0]
        return
    item["answer"] = ["A", "B"]
    texts = ["错的一", "对的"]
    anew = rules.points_anew(item, ["B", "A"], mode="KEY", answer=texts)
    assert anew == 4
    assert rules.points_anew(item, ["A", "B"], mode="KEY", answer=texts) == (4 if kind == "multiple" else 0)
    assert rules.points_anew(item, [], mode="KEY", answer=texts) == 0
    assert rules.points_anew(item, ["C"], mode="ALL", answer=[]) == 4
    assert rules.points_anew(item, ["C"], mode="NONE", answer=[]) is None
