"""The schedule: due at once, stretched by right answers on the day, back tomorrow after a wrong one, mastered on three days."""

import random
from datetime import date, timedelta

from apps.exams.mistakes import memory

DAY = date(2026, 11, 23)


def after(known: memory.Memory, *rights: bool) -> memory.Memory:
    """Answer each time on the day on which it is due."""
    for right in rights:
        known = memory.answered(known, right=right, day=known.due_on)
    return known


def test_three_right_answers_when_due_make_it_mastered_and_two_do_not():
    first = memory.fresh(DAY)
    assert (first.due_on, first.mastery, first.is_mastered) == (DAY, 0, False)
    steps = [after(first, *[True] * n) for n in (1, 2, 3)]
    assert [one.is_mastered for one in steps] == [False, False, True]
    assert 0 < steps[0].mastery < steps[1].mastery < steps[2].mastery == 100
    gaps = [(one.due_on - before.due_on).days for before, one in zip([first, *steps], steps, strict=False)]
    assert gaps[0] < gaps[1] < gaps[2] <= memory.LONGEST


def test_two_right_answers_are_enough_only_where_the_second_came_late():
    first = after(memory.fresh(DAY), True)
    second = [memory.answered(first, right=True, day=first.due_on + timedelta(days=late)) for late in (0, 1, 3, 5, 30)]
    assert [one.is_mastered for one in second] == [False, False, False, True, True]


def test_a_wrong_answer_in_practice_brings_it_back_tomorrow_and_one_in_an_exam_today():
    known = after(memory.fresh(DAY), True, True)
    day = known.due_on
    assert memory.answered(known, right=False, day=day).due_on == day + timedelta(days=1)
    again = memory.missed(known, day=day)
    assert (again.due_on, again.is_mastered) == (day, False)
    assert again.mastery < known.mastery


def test_a_right_answer_before_it_is_due_changes_nothing():
    known = after(memory.fresh(DAY), True)
    assert memory.answered(known, right=True, day=DAY) == known


def test_whoever_practises_a_hundred_times_on_one_day_has_not_mastered_it():
    known = memory.fresh(DAY)
    for _time in range(100):
        known = memory.answered(known, right=True, day=DAY)
    assert not known.is_mastered


def test_whatever_is_answered_it_comes_back_later_and_not_too_late():
    dice = random.Random(7)
    for _sequence in range(200):
        known, day = memory.fresh(DAY), DAY
        for _answer in range(dice.randrange(13)):
            day += timedelta(days=dice.choice((0, 1, 3, 40, 400)))
            before, known = known, memory.answered(known, right=dice.random() < 0.7, day=day)
            assert known == before or day < known.due_on <= day + timedelta(days=memory.LONGEST)
            assert 0 <= known.mastery <= 100
