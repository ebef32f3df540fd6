"""What lies between a failed try and the next: tries, hours on the clock, learning anew."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.exams import api as exams
from apps.exams.models import Attempt
from apps.learning.models import StudySession
from apps.plans import api as plans
from tests.apps.exams.sitting.ground import MINUTE, answer_all, code_of, duty, policy, start, submit
from tests.apps.plans.ground import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
def failed(in_jia):
    view = duty(1)
    submit(start(view), view, at=NOON + MINUTE)
    return view


def state(view, at):
    return exams.exam_state(plans.assignment(view.uuid, learner_id=view.learner_id), at=at)


@pytest.mark.req("R2.8")
def test_the_next_try_waits_for_the_hours_that_the_policy_names(failed):
    policy(failed, cool_hours=2)
    early = NOON + MINUTE + 2 * HOUR - timedelta(seconds=1)
    assert code_of(start, failed, at=early) == "exam_blocked"
    assert "11-23 14:01" in state(failed, early).blocked
    assert Attempt.objects.count() == 1
    assert start(failed, at=NOON + MINUTE + 2 * HOUR).number == 2


def studied(view, ms, *, at, assignment_id=None):
    """A sitting of learning; its time counts also where everything was learnt before."""
    StudySession.objects.create(
        learner_id=view.learner_id, person_key="x", assignment_id=assignment_id or view.id, courseware_id=1, version_id=1,
        course_code="A", course_title="课", version_no=1, courseware_title="节", media=uuid4(), duration_ms=10**7, ip="127.0.0.1",
        terminal=uuid4().hex, opened_at=at, closed_at=at + HOUR, close_reason="left", nonce="n", key=b"", last_at=at,
        playing_ms=ms, next_in=15,
    )  # fmt: skip


@pytest.mark.req("R2.8")
def test_the_next_try_waits_for_learning_anew(failed):
    policy(failed, restudy_minutes=10)
    studied(failed, 10**6, at=NOON - HOUR)  # before the failed try
    studied(failed, 10**6, at=NOON + 5 * MINUTE, assignment_id=failed.id + 1)  # of another training
    assert state(failed, NOON + HOUR).restudy
    assert "还差 10 分钟" in state(failed, NOON + HOUR).blocked
    studied(failed, 599_000, at=NOON + 5 * MINUTE)
    assert "还差 1 分钟" in state(failed, NOON + HOUR).blocked
    assert code_of(start, failed, at=NOON + HOUR) == "exam_blocked"
    studied(failed, 1_000, at=NOON + 20 * MINUTE)
    assert start(failed, at=NOON + HOUR).number == 2


def test_the_first_try_waits_for_neither(in_jia):
    view = duty(2)
    policy(view, cool_hours=48, restudy_minutes=60)
    assert state(view, NOON).blocked == ""


@pytest.mark.req("R2.8")
def test_the_tries_that_the_plan_allows_and_no_more(failed):
    for n in (2, 3):
        at = NOON + n * HOUR
        submit(start(failed, at=at), failed, at=at + MINUTE)
    assert code_of(start, failed, at=NOON + 9 * HOUR) == "exam_blocked"
    assert Attempt.objects.count() == 3


def test_after_a_pass_there_is_no_other(failed):
    attempt = start(failed, at=NOON + HOUR)
    answer_all(attempt, failed, at=NOON + HOUR + MINUTE)
    assert submit(attempt, failed, at=NOON + HOUR + 2 * MINUTE).passed
    assert code_of(start, failed, at=NOON + 2 * HOUR) == "exam_blocked"
