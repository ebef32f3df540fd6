"""Exams on the server's clock: hours first, one result each, the key stays here."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.exams import api as exams
from apps.exams.models import Attempt
from apps.plans import api as plans
from apps.records import api as records
from tenants.scope import enterprise_scope
from tests.apps.exams.sitting.ground import MINUTE, answer_all, code_of, counting, put, start, submit
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON


@pytest.fixture
def duty(in_jia):
    someone = ground.learner(1)
    ground.open_plan(exam_tries=2)
    (view,) = plans.assignments_of(someone.id)
    return view


@pytest.fixture
def ready(duty):
    ground.learn_all(duty)
    return duty


@pytest.mark.req("R3.5")
def test_refuses_an_exam_before_the_hours_are_there(duty):
    assert code_of(start, duty) == "exam_blocked"
    assert not Attempt.objects.exists()


@pytest.mark.req("R2.8")
def test_all_right_passes_and_brings_certificate_and_record(ready):
    attempt = start(ready)
    answer_all(attempt, ready)
    result = submit(attempt, ready)
    assert (result.score, result.passed) == (100, True)
    learner_uuid = plans_learner(ready)
    assert [entry.kind for entry in records.entries_of(learner_uuid)] == ["REGISTRATION", "EXAM", "CERTIFICATE"]
    assert plans.assignments_of(ready.learner_id)[0].state == "COMPLETED"


def plans_learner(view):
    from apps.people import api as people

    return people.learner(view.learner_id).uuid


@pytest.mark.req("R2.8")
def test_the_key_never_leaves_before_submission(ready):
    attempt = start(ready)
    said = json.dumps([attempt.questions, attempt.answers], ensure_ascii=False)
    for secret in ("answer", "要先断电再作业", "第五十七条", "code"):
        assert secret not in said
    row = Attempt.objects.get(uuid=attempt.uuid)
    assert code_of(exams.wrong_answers, row) == "not_submitted"


@pytest.mark.req("R2.8")
def test_wrong_answers_come_with_explanation_and_legal_basis(ready):
    attempt = start(ready)
    answer_all(attempt, ready, wrong=2)
    result = submit(attempt, ready)
    assert (result.score, result.passed) == (60, False)
    wrong = exams.wrong_answers(Attempt.objects.get(uuid=attempt.uuid))
    assert [item.no for item in wrong] == [1, 2]
    assert wrong[0].explanation == "要先断电再作业。"
    assert wrong[0].basis == "安全生产法第五十七条"
    assert records.certificates_of(plans_learner(ready)) == []


def test_two_tabs_share_one_try(ready):
    assert start(ready).uuid == start(ready).uuid
    assert Attempt.objects.count() == 1


def test_the_database_refuses_a_second_open_try(ready):
    attempt = Attempt.objects.get(uuid=start(ready).uuid)
    attempt.pk, attempt.uuid, attempt.number = None, uuid4(), 2
    with pytest.raises(IntegrityError, match="one_open_attempt"), transaction.atomic():
        attempt.save(force_insert=True)


def test_submitting_twice_keeps_the_first_result_and_one_record(ready):
    attempt = start(ready)
    first = submit(attempt, ready)
    second = submit(attempt, ready, at=NOON + 9 * MINUTE)
    assert (second.score, second.submitted_at) == (first.score, first.submitted_at)
    assert [entry.kind for entry in records.entries_of(plans_learner(ready))] == ["REGISTRATION", "EXAM"]


def test_answers_after_submission_are_refused(ready):
    attempt = start(ready)
    submit(attempt, ready)
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id) == "submitted"


def test_each_answer_is_kept_and_the_newest_wins(ready):
    attempt = start(ready)
    for no, response in ((1, ["A"]), (2, ["B"]), (1, ["C"]), (2, [])):
        put(attempt, no, response, learner_id=ready.learner_id)
    assert start(ready).answers == {"1": ["C"]}


def test_an_answer_is_taken_until_30_seconds_after_the_clock_ran_out(ready):
    attempt = start(ready)
    late = attempt.due_at + timedelta(seconds=30)
    put(attempt, 1, ["A"], learner_id=ready.learner_id, at=late)
    assert code_of(put, attempt, 2, ["A"], learner_id=ready.learner_id, at=late + timedelta(seconds=1)) == "time_up"


def test_an_expired_try_is_submitted_with_what_was_saved(ready):
    attempt = start(ready)
    answer_all(attempt, ready, wrong=4)
    later = attempt.due_at + timedelta(hours=5)
    assert exams.close_expired(learner_id=ready.learner_id, at=later) == 1
    row = Attempt.objects.get(uuid=attempt.uuid)
    assert (row.score, row.passed) == (20, False)
    assert row.submitted_at == attempt.due_at + timedelta(seconds=30)


def test_tries_are_limited(ready):
    for n in (1, 2):
        attempt = start(ready)
        assert attempt.number == n
        submit(attempt, ready)
    assert code_of(start, ready) == "exam_blocked"


def test_a_passed_exam_is_not_sat_again(ready):
    attempt = start(ready)
    answer_all(attempt, ready)
    submit(attempt, ready)
    assert code_of(start, ready) == "exam_blocked"


@pytest.mark.parametrize(
    ("no", "choice", "code"), [(99, ["A"], "unknown_question"), (1, ["Z"], "bad_choice"), (1, ["A", "B"], "bad_choice")]
)
def test_refuses_answers_that_do_not_fit_the_paper(ready, no, choice, code):
    attempt = start(ready)
    assert code_of(put, attempt, no, choice, learner_id=ready.learner_id) == code
    assert counting(attempt) == {}


@pytest.mark.req("R5.7")
def test_another_learner_and_the_neighbour_find_nothing(ready, yi):
    attempt = start(ready)
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id + 1) == "not_found"
    assert code_of(exams.submit, attempt_uuid=attempt.uuid, learner_id=ready.learner_id + 1, at=NOON) == "not_found"
    with enterprise_scope(yi):
        assert not Attempt.objects.exists()
