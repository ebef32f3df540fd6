"""A quiz that is asked again tells nobody its keys: they reach the book of wrong answers with the pass, or when the tries are used up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import TestCase

from apps.exams.mistakes.models import Collected, Mistake
from apps.learning.quizzes import rules
from apps.learning.quizzes.models import QuizTry
from tests.apps.learning.quizzes.ground import answer_point, sit, watch_whole
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.8")


def heard(act, *args, **kwargs):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return act(*args, **kwargs)


def test_the_book_gets_a_failed_quiz_with_its_pass_and_once(asked):
    player = watch_whole(asked, asked.first, at=NOON)
    player = watch_whole(asked, asked.second, at=player.now + timedelta(minutes=1))
    failed = heard(sit, asked, player, right=False)
    waiting = Collected.objects.filter(ref=failed.uuid)
    assert [(one.right, one.held) for one in waiting] == [(False, True)] * len(failed.items), "weak points are counted at once"
    assert not Mistake.objects.exists()
    heard(sit, asked, player, right=True)
    assert Mistake.objects.count() == len(failed.items)
    assert set(Mistake.objects.values_list("times", flat=True)) == {1}
    assert not waiting.filter(held=True).exists()


def test_the_book_gets_a_point_of_a_film_when_it_is_answered(asked):
    player = asked.open()
    player.play()
    player.watch_on(75)
    assert heard(answer_point, player, right=False)["outcome"] == "again"
    assert not Mistake.objects.exists()
    assert heard(answer_point, player, right=True)["outcome"] == "right"
    assert Mistake.objects.get().times == QuizTry.objects.filter(passed=False).count() == 1


@pytest.mark.parametrize(
    ("passed", "tries", "failed", "shown"),
    [
        (True, 0, 3, True),
        (False, 0, 3, False),
        (False, 3, 2, False),
        (False, 3, 3, True),
        (False, 3, 4, False),
        (False, 3, 6, True),
    ],
)
def test_keys_are_shown_after_the_pass_or_when_the_tries_are_used_up(passed, tries, failed, shown):
    assert rules.shows_keys(passed=passed, tries=tries, failed=failed) is shown
