"""Writes sent twice: the same answer, one row."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from apps.openapi import repeating
from apps.openapi.models import RepeatedCall
from apps.people.models import Learner
from infra.kit import clock
from tests.apps.plans.ground import resident_id

from .ground import Caller, token

BODY = {"name": "学员甲", "id_number": resident_id(1), "mobile": "13800000001"}


@pytest.fixture
def caller(in_jia):
    return Caller(in_jia, token())


@pytest.mark.req("R7.3")
def test_a_repeat_gets_the_first_answer_and_writes_nothing(caller):
    first = caller.post("/learners", BODY, once="a-1")
    again = caller.post("/learners", BODY, once="a-1")
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Learner.objects.count() == 1


def test_without_a_word_a_repeat_is_a_write_of_its_own(caller):
    assert caller.post("/learners", BODY).status == 201
    assert caller.post("/learners", BODY).code == "id_taken"
    assert not RepeatedCall.objects.exists()


def test_the_same_word_with_another_request_is_refused_and_changes_nothing(caller):
    key = caller.post("/learners", BODY, once="a-1").body["id"]
    for told in (
        caller.post("/learners", {**BODY, "position": "电工"}, once="a-1"),
        caller.post(f"/learners/{key}/archive", {}, once="a-1"),
    ):
        assert (told.status, told.code) == (422, "idempotency_mismatch")
    assert Learner.objects.get().status == "ACTIVE"
    assert Learner.objects.get().position == ""


def test_a_refused_write_leaves_nothing_and_may_be_mended_under_the_same_word(caller):
    assert caller.post("/learners", {**BODY, "mobile": "12345678901"}, once="a-1").code == "mobile_invalid"
    assert not RepeatedCall.objects.exists()
    assert caller.post("/learners", BODY, once="a-1").status == 201


def test_words_of_two_keys_do_not_meet(caller, in_jia):
    other = Caller(in_jia, token(name="门禁系统"))
    assert caller.post("/learners", BODY, once="a-1").status == 201
    assert other.post("/learners", BODY, once="a-1").code == "id_taken"


def test_what_was_answered_is_sealed_and_forgotten_after_a_day(caller):
    caller.post("/learners", BODY, once="a-1")
    row = RepeatedCall.objects.get()
    assert json.dumps("学员甲").encode() not in bytes(row.body_sealed)
    assert "学员甲".encode() not in bytes(row.body_sealed)
    assert repeating.forget_old(at=clock.now()) == 0
    assert repeating.forget_old(at=clock.now() + timedelta(days=1, seconds=1)) == 1
    assert caller.post("/learners", BODY, once="a-1").code == "id_taken"


@pytest.mark.parametrize("word", ["", "x" * 256, "zwei wörter", "a b"])
def test_a_word_that_is_none_is_refused_and_nothing_is_written(caller, word):
    told = caller.ask("POST", "/learners", BODY, Idempotency_Key=word)
    assert (told.status, told.code) == (400, "invalid")
    assert not Learner.objects.exists()
