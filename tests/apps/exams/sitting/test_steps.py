"""What happens in a try is kept step by step: nothing is lost, nothing said twice counts twice, nothing can be rewritten."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.exams import api as exams
from apps.exams.models import Attempt, AttemptStep
from apps.exams.sitting import rules
from tests.apps.exams.sitting.ground import (
    DESKTOP,
    MINUTE,
    PHONE,
    code_of,
    counting,
    duty,
    kinds,
    open_page,
    put,
    right,
    start,
    submit,
)
from tests.apps.plans.ground import NOON


@pytest.fixture
def ready(in_jia):
    return duty(1)


@pytest.fixture
def attempt(ready):
    return start(ready)


@pytest.mark.req("R2.8")
def test_the_log_tells_the_whole_story(ready, attempt):
    open_page(attempt, ready)
    put(attempt, 1, ["A"], learner_id=ready.learner_id)
    open_page(attempt, ready, terminal=PHONE, at=NOON + 2 * MINUTE)
    put(attempt, 2, ["B"], learner_id=ready.learner_id, terminal=PHONE)
    submit(attempt, ready)
    assert kinds(attempt) == ["STARTED", "OPENED", "ANSWERED", "TERMINAL", "ANSWERED", "SUBMITTED", "SETTLED"]
    handed_in = AttemptStep.objects.get(kind="SUBMITTED")
    assert handed_in.facts == {"by": "LEARNER", "answered": 2, "of": 5, "leaves": 0}
    assert Attempt.objects.get().answers == {"1": ["A"], "2": ["B"]}


@pytest.mark.req("R2.8")
@pytest.mark.parametrize(
    "words", ["UPDATE exams_attemptstep SET at = now()", "DELETE FROM exams_attemptstep", "TRUNCATE exams_attemptstep"]
)
def test_nobody_rewrites_the_log(attempt, words):
    before = AttemptStep.objects.count()
    for role in ("", "RESET ROLE; "):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(role + words)
    assert AttemptStep.objects.count() == before > 0


def test_saving_an_answer_costs_two_statements_and_reads_no_paper(ready, attempt):
    open_page(attempt, ready)
    with CaptureQueriesContext(connection) as seen:
        put(attempt, 1, ["A"], learner_id=ready.learner_id, seq=rules.page_base(1) + 1)
    assert len(seen) == 2
    assert not any('"exams_attempt"."paper",' in query["sql"] for query in seen)


def test_said_twice_it_stands_once(ready, attempt):
    saved = [put(attempt, 1, ["A"], learner_id=ready.learner_id, seq=7) for _again in range(3)]
    assert {one.seq for one in saved} == {7}
    assert AttemptStep.objects.filter(kind="ANSWERED").count() == 1
    assert code_of(put, attempt, 1, ["B"], learner_id=ready.learner_id, seq=7) == "bad_seq"
    assert counting(attempt) == {"1": ["A"]}


@pytest.mark.req("R2.8")
def test_a_late_retry_never_overwrites_a_newer_answer(ready, attempt):
    put(attempt, 1, ["B"], learner_id=ready.learner_id, seq=2)
    put(attempt, 1, ["A"], learner_id=ready.learner_id, seq=1, at=NOON + 3 * MINUTE)
    assert counting(attempt) == {"1": ["B"]}


@pytest.mark.req("R2.8")
def test_what_a_crashed_desktop_sends_late_never_counts_over_the_phone(ready, attempt):
    desk = open_page(attempt, ready)
    put(attempt, 1, ["A"], learner_id=ready.learner_id, seq=desk.base)
    phone = open_page(attempt, ready, terminal=PHONE)
    assert phone.attempt.answers == {"1": ["A"]}
    put(attempt, 1, ["B"], learner_id=ready.learner_id, seq=phone.base, terminal=PHONE)
    late = put(attempt, 1, ["C"], learner_id=ready.learner_id, seq=desk.base + 1)
    kept = put(attempt, 2, ["D"], learner_id=ready.learner_id, seq=desk.base + 2)
    assert late.elsewhere
    assert kept.elsewhere
    assert counting(attempt) == {"1": ["B"], "2": ["D"]}, "what only the desktop knew is not lost"
    assert not put(attempt, 3, ["A"], learner_id=ready.learner_id, seq=phone.base + 1, terminal=PHONE).elsewhere


@pytest.mark.parametrize("seq", [0, -1, 1_000_000, 5_000_001, 10**18])
def test_refuses_numbers_of_pages_that_were_never_opened(ready, attempt, seq):
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id, seq=seq) == "bad_seq"
    assert counting(attempt) == {}


def test_a_try_that_is_over_opens_no_paper(ready, attempt):
    names = {"attempt_uuid": attempt.uuid, "learner_id": ready.learner_id, "terminal": DESKTOP}
    assert exams.open_page(**names, at=attempt.due_at + timedelta(seconds=31)) is None
    submit(attempt, ready)
    assert exams.open_page(**names, at=NOON + 3 * MINUTE) is None
    assert Attempt.objects.get().pages == 0


def test_tries_of_before_the_log_go_on_with_what_they_had(ready, attempt):
    AttemptStep.objects.none()
    Attempt.objects.update(answers={"1": ["A"], "2": ["B"]}, policy={}, terminal="")
    put(attempt, 2, ["C"], learner_id=ready.learner_id)
    assert open_page(attempt, ready).attempt.answers == {"1": ["A"], "2": ["C"]}


_MOVES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 5), st.sampled_from(["A", "B", ""]), st.integers(-60, 90)),
    min_size=1,
    max_size=12,
)


@pytest.mark.req("R2.8")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_MOVES)
def test_only_accepted_answers_count_and_none_is_accepted_too_late(ready, moves):
    """Answers of several pages in any order around the end of time; the score is what the accepted ones earn."""
    with transaction.atomic():
        attempt = start(ready)
        pages = [open_page(attempt, ready) for _page in range(3)]
        accepted = []
        for offset, (page, no, key, late_s) in enumerate(moves):
            seq, at = pages[page - 1].base + offset, attempt.due_at + timedelta(seconds=late_s)
            said = {"learner_id": ready.learner_id, "seq": seq, "at": at}
            if late_s > 30:
                assert code_of(put, attempt, no, [key] if key else [], **said) == "time_up"
            else:
                put(attempt, no, [key] if key else [], **said)
                accepted.append((seq, no, [key] if key else []))
        expected = rules.newest(accepted)
        result = submit(attempt, ready, at=attempt.due_at + timedelta(minutes=5))
        assert result.answers == expected
        assert result.score == sum(expected.get(str(no)) == [right(attempt, no)] for no in range(1, 6)) * 20
        transaction.set_rollback(True)
