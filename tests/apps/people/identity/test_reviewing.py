"""A person decides what the engine cannot; sees snapshots only; each look is written down."""

from datetime import timedelta

import pytest
from django.test import TestCase

from apps.people import api as people
from apps.people.events import face_checked
from apps.people.identity.models import FaceCheck
from infra.kit import clock
from public.audit import api as audit
from tenants.scope import enterprise_scope
from tests import faces
from tests.apps.people.identity.ground import OPEN, TERMINAL, enrol, hand_in

pytestmark = pytest.mark.req("R2.1", "R5.4")


@pytest.fixture
def grey(staff, jia, folder):
    """A check of 学员甲 that waits for a person: the photo is too like an earlier one."""
    now = clock.now() - timedelta(hours=1)
    with enterprise_scope(jia):
        enrol(staff.id, at=now)
        seen = hand_in(
            staff.id, "open", faces.burst(list(OPEN), start=9), actions=OPEN, at=now + timedelta(minutes=20), about="x"
        )
        assert (seen.outcome, seen.flags) == ("review", ["reused"])
        yield seen


def actions_of(check):
    return [happening.action for happening in audit.history(f"face-check:{check.uuid}")]


def test_the_manager_sees_the_queue_the_snapshots_and_why(manager, grey):
    assert "与以前的照片过于相似" in manager.get("/console/identity").content.decode()
    page = manager.get(f"/console/identity/{grey.uuid}").content.decode()
    assert page.count("/pictures/") == 3
    picture = manager.get(f"/console/identity/{grey.uuid}/pictures/0.jpg")
    assert (picture.headers["Content-Type"], picture.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert picture.content[:2] == b"\xff\xd8"
    assert actions_of(grey) == ["people.face_picture_viewed", "people.face_viewed"]
    assert manager.get(f"/console/identity/{grey.uuid}/pictures/3.jpg").status_code == 404


@pytest.mark.parametrize(("answer", "outcome", "needs"), [("same", "pass", None), ("other", "fail", "proof")])
def test_a_decision_is_told_entered_and_ends_the_pictures(manager, grey, staff, answer, outcome, needs):
    heard = []
    face_checked.connect(lambda sender, **told: heard.append(told), weak=False, dispatch_uid="heard")
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            reply = manager.post(f"/console/identity/{grey.uuid}/decide", {"answer": answer, "note": "当面核对过"})
    finally:
        face_checked.disconnect(dispatch_uid="heard")
    assert reply.status_code == 302
    assert [(told["check"], told["about"], told["outcome"]) for told in heard] == [(grey.uuid, "x", outcome)]
    assert people.check_of(grey.uuid, learner_id=staff.id).outcome == outcome
    late = clock.now() + timedelta(hours=11, minutes=10)  # the proof by enrolling has ended, this one has not
    assert people.identity_of(staff.id, at=late, terminal=TERMINAL).needs == needs
    assert manager.get(f"/console/identity/{grey.uuid}/pictures/0.jpg").status_code == 404
    assert manager.post(f"/console/identity/{grey.uuid}/decide", {"answer": "same"}).status_code == 409
    assert FaceCheck.objects.get(uuid=grey.uuid).outcome == outcome


def test_no_needs_a_reason(manager, grey):
    reply = manager.post(f"/console/identity/{grey.uuid}/decide", {"answer": "other", "note": "  "})
    assert reply.status_code == 422
    assert "请写明为什么不是本人" in reply.content.decode()
    assert FaceCheck.objects.get(uuid=grey.uuid).outcome == "review"


def test_learners_and_the_neighbour_see_nothing(learner, neighbour, grey):
    for path in ("", f"/{grey.uuid}", f"/{grey.uuid}/pictures/0.jpg"):
        assert learner.get(f"/console/identity{path}").status_code == 403
    assert str(grey.uuid) not in neighbour.get("/console/identity").content.decode()
    assert neighbour.get(f"/console/identity/{grey.uuid}").status_code == 404
    assert neighbour.get(f"/console/identity/{grey.uuid}/pictures/0.jpg").status_code == 404
    assert neighbour.post(f"/console/identity/{grey.uuid}/decide", {"answer": "same"}).status_code == 404
    assert FaceCheck.objects.get(uuid=grey.uuid).outcome == "review"


def test_a_passed_check_is_nobodys_to_look_at(manager, grey, staff):
    seen = hand_in(staff.id, "presence", faces.burst(["straight"], straight="obama3"), at=clock.now())
    assert seen.outcome == "pass"
    for path in ("", "/pictures/0.jpg"):
        assert manager.get(f"/console/identity/{seen.uuid}{path}").status_code == 404
