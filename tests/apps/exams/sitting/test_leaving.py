"""Leaving the page is counted, and follows the policy that was told before the exam."""

import pytest

from apps.exams import api as exams
from apps.exams.models import Attempt, AttemptStep
from tests.apps.exams.sitting.ground import (
    DESKTOP,
    MINUTE,
    answer_all,
    code_of,
    duty,
    kinds,
    open_page,
    policy,
    put,
    start,
    submit,
)
from tests.apps.plans.ground import NOON


@pytest.fixture
def ready(in_jia):
    return duty(1)


def leave(attempt, view, seq, *, back=False, at=NOON + MINUTE):
    return exams.note_leaving(
        attempt_uuid=attempt.uuid, learner_id=view.learner_id, is_back=back, seq=seq, terminal=DESKTOP, at=at
    )


@pytest.mark.req("R2.8")
def test_each_leaving_is_counted_once_however_often_it_is_sent(ready):
    attempt = start(ready)
    for seq, back in ((1, False), (2, True), (1, False), (3, False), (3, False)):
        told = leave(attempt, ready, seq, back=back)
    assert (told.leaves, told.over) == (2, False)
    assert kinds(attempt) == ["STARTED", "LEFT", "RETURNED", "LEFT"]


@pytest.mark.req("R2.8")
def test_one_leaving_too_many_hands_in_what_was_saved(ready):
    policy(ready, leave_limit=2, leave_action="submit")
    attempt = start(ready)
    answer_all(attempt, ready)
    assert [leave(attempt, ready, 100 + n).over for n in range(3)] == [False, False, True]
    row = Attempt.objects.get()
    assert (row.submitted_by, row.score, row.passed, row.leaves) == ("LEAVES", 100, True, 3)
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id) == "submitted"


def test_where_it_is_only_noted_the_exam_goes_on(ready):
    policy(ready, leave_limit=1, leave_action="note")
    attempt = start(ready)
    assert [leave(attempt, ready, n).over for n in (1, 2, 3)] == [False] * 3
    assert Attempt.objects.get().leaves == 3


def test_the_policy_of_the_start_holds_whatever_the_plan_says_later(ready):
    attempt = start(ready)
    policy(ready, leave_limit=1, leave_action="submit")
    assert not any(leave(attempt, ready, n).over for n in (1, 2, 3))


def test_after_the_end_nothing_is_counted(ready):
    attempt = start(ready)
    submit(attempt, ready)
    before = AttemptStep.objects.count()
    assert leave(attempt, ready, 9).over
    late = start(ready, at=NOON + 5 * MINUTE)
    assert not leave(late, ready, 9, at=late.due_at + MINUTE).over
    assert (Attempt.objects.get(uuid=late.uuid).leaves, AttemptStep.objects.count()) == (0, before + 1)


def test_refuses_strangers_and_numbers_nobody_gave(ready):
    attempt = start(ready)
    open_page(attempt, ready)
    assert code_of(leave, attempt, ready, 7_000_000) == "bad_seq"
    names = {"attempt_uuid": attempt.uuid, "is_back": False, "seq": 1, "terminal": DESKTOP, "at": NOON}
    assert code_of(exams.note_leaving, learner_id=ready.learner_id + 1, **names) == "not_found"
    assert Attempt.objects.get().leaves == 0
