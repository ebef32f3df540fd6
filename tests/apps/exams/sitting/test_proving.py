"""Who sits there: asked at the start, on another device and at random; both ways count the same; nothing of ours holds an exam up."""

from datetime import timedelta
from uuid import UUID

import pytest

from apps.exams.models import Attempt, AttemptStep
from apps.exams.sitting import proving, receivers, rules, services
from apps.people import api as people
from apps.people.identity.models import FaceCheck, Identity
from apps.people.identity.rules import FAILURES
from tenants.errors import Unavailable
from tests import faces
from tests.apps.exams.sitting.ground import (
    DESKTOP,
    MINUTE,
    PHONE,
    answer_all,
    code_of,
    duty,
    kinds,
    open_page,
    policy,
    put,
    start,
)
from tests.apps.people.identity.ground import challenge_of, enrol
from tests.apps.plans.ground import NOON

POSES = ("right", "straight", "left")


@pytest.fixture
def ready(in_jia):
    view = duty(1)
    policy(view, face="start")
    return view


@pytest.fixture
def attempt(ready):
    return start(ready)


def ask(attempt, view, at=NOON):
    return proving.ask(attempt_uuid=attempt.uuid, learner_id=view.learner_id, terminal=DESKTOP, at=at)


def with_face(view):
    """Let the learner have chosen and enrolled the face; the template is never looked at here."""
    people.choose_method(learner_id=view.learner_id, method="face", at=NOON)
    Identity.objects.filter(learner_id=view.learner_id).update(template_sealed=b"x", key_sealed=b"x")


def prove_by_code(attempt, view, read, at=NOON, terminal=DESKTOP):
    names = {"attempt_uuid": attempt.uuid, "learner_id": view.learner_id, "terminal": terminal, "at": at}
    told = proving.send_code(**names)
    return told, proving.by_code(**names, code=read())


@pytest.fixture
def sent(monkeypatch):
    """Text messages land here instead of with a vendor."""
    from tenants import codes
    from tenants.ports import SMS

    class Box:
        last = ""
        down = False

        def send_code(self, *, mobile, code, purpose):
            if self.down:
                raise Unavailable
            self.last = code

    box, before = Box(), SMS.get()
    SMS.plug(box)
    monkeypatch.setattr(codes, "PER_MOBILE", ())
    yield box
    SMS.plug(before)


@pytest.mark.req("R2.8")
def test_no_answer_is_taken_before_the_first_proof(ready, attempt):
    assert open_page(attempt, ready).check == {"why": "start", "left_s": 0}
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id) == "identity_first"
    assert code_of(services.submit, attempt_uuid=attempt.uuid, learner_id=ready.learner_id, at=NOON) == "identity_first"
    assert not AttemptStep.objects.filter(kind="ANSWERED").exists()
    assert Attempt.objects.get().submitted_at is None


@pytest.mark.req("R2.8")
def test_the_code_counts_as_much_as_the_face(ready, attempt, sent):
    assert ask(attempt, ready) == {"method": "code"}
    told, result = prove_by_code(attempt, ready, lambda: sent.last)
    assert told["mobile"].startswith("138****")
    assert result["outcome"] == "passed"
    assert kinds(attempt) == ["STARTED", "CHECK_ASKED", "CHECK_PASSED"]
    answer_all(attempt, ready)
    assert ask(attempt, ready) == {"method": ""}


def test_a_wrong_code_changes_nothing(ready, attempt, sent):
    ask(attempt, ready)
    assert code_of(prove_by_code, attempt, ready, lambda: "000000" if sent.last != "000000" else "111111") == "code_wrong"
    assert kinds(attempt) == ["STARTED", "CHECK_ASKED"]
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id) == "identity_first"


@pytest.mark.req("R2.8")
def test_a_code_that_cannot_be_sent_does_not_hold_the_exam_up(ready, attempt, sent):
    sent.down = True
    names = {"attempt_uuid": attempt.uuid, "learner_id": ready.learner_id, "terminal": DESKTOP, "at": NOON}
    assert proving.send_code(**names)["outcome"] == "pending"
    assert AttemptStep.objects.get(kind="CHECK_PENDING").facts == {"method": "code", "why": "not_sent"}
    answer_all(attempt, ready)


def by_face(attempt, view, at=NOON):
    challenge = challenge_of(view.learner_id, "exam", POSES, at)
    frames = faces.burst(list(POSES))
    return proving.by_face(
        attempt_uuid=attempt.uuid, learner_id=view.learner_id, frames=frames, challenge=challenge, terminal=DESKTOP, at=at
    )


@pytest.fixture
def unjudged(ready, attempt):
    """A face was handed in and no worker has come to it: within a transaction none can."""
    enrol(ready.learner_id)
    assert by_face(attempt, ready)["outcome"] == "pending"
    return FaceCheck.objects.get(purpose="exam")


def tell(check, outcome, at=NOON + MINUTE):
    receivers.take_in_face(check=check.uuid, learner_id=check.learner_id, about=check.about, outcome=outcome, at=at)


@pytest.mark.req("R2.8")
def test_a_face_nobody_could_judge_lets_the_exam_go_on_and_is_told_later(ready, attempt, unjudged):
    answer_all(attempt, ready)
    for _twice in range(2):
        tell(unjudged, "pass")
    assert kinds(attempt).count("CHECK_PASSED") == 1
    assert Attempt.objects.get().check_due_at is None


@pytest.mark.req("R2.8")
def test_a_face_that_was_somebody_else_s_is_asked_again_at_once(ready, attempt, unjudged):
    for _twice in range(2):
        tell(unjudged, "fail")
    assert kinds(attempt).count("CHECK_FAILED") == 1
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id, at=NOON + 2 * MINUTE) == "identity_first"


def test_news_of_other_faces_change_nothing(ready, attempt):
    before = kinds(attempt)
    for about in ("learning.check:x", f"exams.attempt:{attempt.uuid}", "exams.attempt:nonsense", ""):
        receivers.take_in_face(check=UUID(int=5), learner_id=ready.learner_id, about=about, outcome="fail", at=NOON)
    assert kinds(attempt) == before


def test_who_chose_the_face_is_asked_for_it_and_after_two_failures_for_the_code(ready, attempt):
    with_face(ready)
    assert ask(attempt, ready)["method"] == "face"
    for _failure in range(rules.FACE_FAILURES):
        services.log(Attempt.objects.get(), "CHECK_FAILED", at=NOON)
    assert ask(attempt, ready) == {"method": "code"}
    assert kinds(attempt).count("CHECK_ASKED") == 1


def test_a_face_that_rests_is_not_asked_for(ready, attempt):
    with_face(ready)
    Identity.objects.update(locked_until=NOON + FAILURES * MINUTE)
    assert ask(attempt, ready) == {"method": "code"}


def test_on_another_device_the_learner_proves_again(ready, attempt, sent):
    open_page(attempt, ready)
    prove_by_code(attempt, ready, lambda: sent.last)
    put(attempt, 1, ["A"], learner_id=ready.learner_id)
    assert open_page(attempt, ready, terminal=PHONE).check == {"why": "start", "left_s": 0}
    assert code_of(put, attempt, 2, ["A"], learner_id=ready.learner_id) == "identity_first"
    prove_by_code(attempt, ready, lambda: sent.last, terminal=PHONE)
    put(attempt, 2, ["A"], learner_id=ready.learner_id)


def test_nobody_proves_on_one_device_who_sits_at_another(ready, attempt, sent):
    open_page(attempt, ready)
    open_page(attempt, ready, terminal=PHONE)
    before = kinds(attempt)
    assert code_of(ask, attempt, ready) == "page_expired"
    assert code_of(prove_by_code, attempt, ready, lambda: sent.last) == "page_expired"
    assert (kinds(attempt), sent.last) == (before, "")
    assert code_of(put, attempt, 1, ["A"], learner_id=ready.learner_id, terminal=PHONE) == "identity_first"
    prove_by_code(attempt, ready, lambda: sent.last, terminal=PHONE)
    put(attempt, 1, ["A"], learner_id=ready.learner_id, terminal=PHONE)


def test_a_face_that_is_judged_after_the_exam_has_moved_lets_nothing_go_on(ready, attempt):
    open_page(attempt, ready)
    open_page(attempt, ready, terminal=PHONE)
    row, before = Attempt.objects.get(), kinds(attempt)
    proving._took(row, "pass", {"method": "face"}, DESKTOP, NOON)
    assert kinds(attempt) == before
    assert Attempt.objects.get().proven_at is None


@pytest.mark.req("R2.8")
def test_a_random_check_leaves_a_moment_and_is_missed_by_who_waits_for_the_end(in_jia, sent):
    view = duty(2)
    policy(view, face="random")
    attempt = start(view)
    prove_by_code(attempt, view, lambda: sent.last)
    due = Attempt.objects.get().check_due_at
    assert NOON + timedelta(seconds=360) <= due <= NOON + timedelta(seconds=900)
    early = put(attempt, 1, ["A"], learner_id=view.learner_id, at=due - timedelta(seconds=1))
    asked = put(attempt, 2, ["A"], learner_id=view.learner_id, at=due + timedelta(seconds=30))
    assert (early.check, asked.check) == (None, {"why": "random", "left_s": 60})
    late = due + rules.CHECK_WITHIN + timedelta(seconds=1)
    assert code_of(put, attempt, 3, ["A"], learner_id=view.learner_id, at=late) == "identity_first"
    services.close_all_expired(at=attempt.due_at + MINUTE)
    assert kinds(attempt)[-3:] == ["CHECK_MISSED", "SUBMITTED", "SETTLED"]


def test_after_the_exam_nobody_is_asked(ready, attempt):
    services.close_all_expired(at=attempt.due_at + MINUTE)
    for at in (NOON, attempt.due_at + MINUTE):
        assert code_of(ask, attempt, ready, at=at) == "submitted"


def test_another_learner_proves_nothing_here(ready, attempt):
    names = {"attempt_uuid": attempt.uuid, "learner_id": ready.learner_id + 1, "terminal": DESKTOP, "at": NOON}
    assert code_of(proving.ask, **names) == "not_found"
    assert code_of(proving.by_code, **names, code="123456") == "not_found"
    assert code_of(proving.send_code, **names) == "not_found"
    assert kinds(attempt) == ["STARTED"]
