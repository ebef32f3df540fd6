"""Checks by face: what a worker or a manager finds decides, whenever it comes; nothing but a pass confirms."""

import io

import pytest
from django.dispatch import Signal
from PIL import Image

from apps.learning import checks, facing
from apps.learning.models import PresenceCheck, ProofState, Void
from apps.people import api as people
from apps.people.events import face_checked
from apps.people.identity import vault
from apps.people.identity.models import FaceCheck, Identity
from infra.kit.errors import DomainError
from tests.apps.learning.test_checks import earned, until_asked

pytestmark = pytest.mark.req("R2.3")


def jpeg(shade=120):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def asked(school, settings, tmp_path):
    """学员甲, who chose the face, is asked by face."""
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    learner = school.learner.id
    player = school.open()
    people.choose_method(learner_id=learner, method="face", at=player.now)
    identity = Identity.objects.get(learner_id=learner)
    identity.photo = vault.put([jpeg()], identity, "enrolled")
    identity.template_sealed, identity.enrolled_at = b"\x01", player.now
    identity.save()
    ProofState.objects.update(kind="face")
    player.play()
    until_asked(player)
    return player


def hand_in(player):
    """Hold the poses and hand the frames in; judged after this transaction, so the answer is pending."""
    shown = player.ask()
    assert shown["kind"] == "face"
    assert shown["actions"]
    return facing.answer(**player._names(), frames=[jpeg(), jpeg(130)], challenge=shown["challenge"], at=player.now)


def judged(player, outcome, signal: Signal = face_checked):
    """A worker, or a manager, has judged the last burst."""
    face = FaceCheck.objects.order_by("-id").first()
    signal.send(
        sender=None,
        check=face.uuid,
        learner_id=face.learner_id,
        purpose="presence",
        about=face.about,
        outcome=outcome,
        at=player.now,
    )


def state(player):
    return PresenceCheck.objects.get(session=player.row()).outcome


def test_frames_wait_for_their_judgement_and_pay_stays_provisional(school, asked):
    ms = asked.reply["provisional_ms"]
    result = hand_in(asked)
    assert (result["outcome"], result["confirmed_ms"]) == ("pending", 0)
    reply = asked.watch(15)
    assert (reply["check"], reply["provisional_ms"], earned(school)) == (None, ms + 15_000, 0)
    judged(asked, "review")
    assert (state(asked), earned(school)) == ("pending", 0)
    judged(asked, "pass")
    assert (state(asked), earned(school)) == ("passed", ms + 15_000)
    judged(asked, "fail")
    assert (state(asked), earned(school)) == ("passed", ms + 15_000), "told twice, judged once"


def test_a_picture_that_cannot_be_judged_may_be_taken_again(asked):
    hand_in(asked)
    judged(asked, "retry")
    assert state(asked) == ""
    hand_in(asked)
    judged(asked, "pass")
    assert state(asked) == "passed"


def test_two_wrong_faces_are_a_miss(school, asked):
    hand_in(asked)
    judged(asked, "fail")
    assert state(asked) == ""
    hand_in(asked)
    judged(asked, "fail")
    assert (state(asked), Void.objects.get().code, earned(school)) == ("missed", "identity_failed", 0)
    assert len(Void.objects.get().evidence["digests"]) == 2


def test_a_plain_photo_without_held_poses_is_refused_and_changes_nothing(asked):
    asked.ask()
    before = PresenceCheck.objects.values().get()
    with pytest.raises(DomainError, match="challenge_missing"):
        facing.answer(**asked._names(), frames=[jpeg()], challenge=None, at=asked.now)
    after = PresenceCheck.objects.values().get()
    assert (after["outcome"], after["tries"]) == (before["outcome"], before["tries"]) == ("", 0)


def test_who_withdraws_the_face_meanwhile_answers_by_code(asked):
    people.withdraw(learner_id=asked.row().learner_id, at=asked.now)
    shown = asked.ask()
    assert (shown["kind"], len(shown["code"]) > 100) == ("code", True)
    assert asked.prove()["outcome"] == "passed"


def test_a_code_does_not_answer_for_a_face(asked):
    asked.ask()
    with pytest.raises(DomainError, match="wrong_kind"):
        checks.answer(**asked._names(), code="1234", chosen=[], at=asked.now)
    assert state(asked) == ""
