"""Wrong answers that are alike: those who copy are found, those who only share popular errors are not."""

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.exams.statistics import similarity
from apps.exams.statistics.similarity import Answer

QUESTIONS, PEOPLE = 40, 120
POPULAR = (0.6, 0.3, 0.1)
"""How the three wrong options share the errors: one is far more popular, as in real questions."""


def honest(dice: random.Random, people: int = PEOPLE, *, ability: float = 0.7) -> list[list[Answer]]:
    """People who answer alone: abilities and difficulties differ, wrong options are unequally popular."""
    hard = [dice.uniform(-0.25, 0.25) for _ in range(QUESTIONS)]
    found = []
    for _ in range(people):
        level = min(0.95, max(0.15, dice.gauss(ability, 0.15)))
        found.append([_answer(dice, q, level + hard[q]) for q in range(QUESTIONS)])
    return found


def _answer(dice: random.Random, question: int, chance: float) -> Answer:
    if dice.random() < chance:
        return Answer(question, "right", True)
    return Answer(question, dice.choices("xyz", POPULAR)[0], False)


def shuffled(people: Sequence[Sequence[Answer]], dice: random.Random) -> list[list[Answer]]:
    """Deal the wrong answers of each question anew among those who were wrong: no two have anything to do with each other."""
    pools: dict[int, list[str]] = {}
    for one in people:
        for answer in one:
            if not answer.right:
                pools.setdefault(answer.question, []).append(answer.said)
    for pool in pools.values():
        dice.shuffle(pool)
    return [
        [answer if answer.right else Answer(answer.question, pools[answer.question].pop(), False) for answer in one]
        for one in people
    ]


WAYS = dict.fromkeys(range(QUESTIONS), 3)


@pytest.mark.req("R2.8")
def test_who_copies_is_found_and_nobody_else():
    dice = random.Random(7)
    people = honest(dice)
    weak = min(range(PEOPLE), key=lambda n: sum(answer.right for answer in people[n]))
    copied = [answer if dice.random() < 0.95 else _answer(dice, answer.question, 0.5) for answer in people[weak]]
    people.append(copied)
    pairs = similarity.alike(people, WAYS)
    assert [(pair.one, pair.other) for pair in pairs] == [(weak, PEOPLE)]
    (pair,) = pairs
    assert pair.same_wrong >= 6
    assert pair.same_wrong <= pair.both_wrong <= pair.common == QUESTIONS
    assert pair.chance < 0.001


@pytest.mark.parametrize("ability", [0.35, 0.55, 0.75])
def test_permuted_answers_raise_hardly_ever_a_false_pair(ability):
    """With wrong answers dealt anew nobody has copied: what is still found is false. The bound is one exam in twenty."""
    dice = random.Random(11)
    people, rounds = honest(dice, 60, ability=ability), 60
    false = sum(bool(similarity.alike(shuffled(people, dice), WAYS)) for _ in range(rounds))
    assert false <= 0.05 * rounds


def test_the_index_alone_would_accuse_the_innocent():
    """Why there is a probability too: where everybody falls for the same wrong option, the classical index points at many."""
    dice = random.Random(3)
    people = [
        [Answer(q, dice.choices("xyz", (0.97, 0.02, 0.01))[0], dice.random() < 0.3) for q in range(QUESTIONS)] for _ in range(40)
    ]
    people = [[Answer(a.question, "right", True) if a.right else a for a in one] for one in people]
    candidates, compared = similarity._candidates(people)
    assert compared == 40 * 39 // 2
    assert len(candidates) > 20
    assert similarity.alike(people, WAYS) == []


def test_too_few_common_questions_are_never_compared():
    few = [[Answer(q, "x", False) for q in range(similarity.LEAST_COMMON - 1)]] * 2
    assert similarity.alike(few, WAYS) == []


def test_blocks_find_what_one_block_finds(monkeypatch):
    dice = random.Random(5)
    people = honest(dice, 50, ability=0.5)
    people += [people[0], people[30]]
    whole = similarity.alike(people, WAYS)
    monkeypatch.setattr(similarity, "_BLOCK", 7)
    assert similarity.alike(people, WAYS) == whole
    assert {(pair.one, pair.other) for pair in whole} >= {(0, 50), (30, 51)}


def test_answers_that_one_person_alone_typed_take_no_room():
    people = [[Answer(q, f"{n} 写的", False) for q in range(QUESTIONS)] for n in range(30)]
    copied = [Answer(q, "一样的", False) for q in range(QUESTIONS)]
    _answered, _right, same = similarity._matrices([*people, copied, copied])
    assert same.shape == (32, QUESTIONS)
    ways = dict.fromkeys(range(QUESTIONS), 10)
    assert [(pair.one, pair.other, pair.same_wrong) for pair in similarity.alike([*people, copied, copied], ways)] == [
        (30, 31, QUESTIONS)
    ]


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), max_size=12), st.integers(0, 13))
def test_the_tail_is_a_probability_that_falls(probabilities, least):
    whole = [similarity.tail(probabilities, n) for n in range(len(probabilities) + 2)]
    assert whole[0] == pytest.approx(1)
    assert whole[-1] == 0
    assert all(a >= b - 1e-12 for a, b in itertools.pairwise(whole))
    assert 0 <= similarity.tail(probabilities, least) <= 1 + 1e-9


def test_the_tail_of_equal_events_is_binomial():
    assert similarity.tail([0.5] * 4, 3) == pytest.approx(5 / 16)
