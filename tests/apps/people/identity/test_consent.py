"""Consent is separate, versioned and can be taken back; what is taken back is destroyed (PIPL art. 14-16, 29, 47)."""

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase

from apps.people import api as people
from apps.people.identity import vault
from apps.people.identity.models import FaceCheck, Identity
from apps.people.identity.noticing import face_notice
from apps.records import api as records
from infra.kit.errors import DomainError
from tests import faces
from tests.apps.people.identity.ground import enrol, hand_in
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.1", "R5.1")


def told(pupil):
    return [(entry.kind, entry.body["event"], entry.body.get("method")) for entry in records.entries_of(pupil.uuid)[1:]]


def test_each_choice_stands_in_the_ledger_with_the_text_that_was_shown(pupil):
    people.choose_method(learner_id=pupil.id, method="code", at=NOON)
    people.choose_method(learner_id=pupil.id, method="code", at=NOON)
    people.choose_method(learner_id=pupil.id, method="face", at=NOON)
    assert told(pupil) == [("CONSENT", "chosen", "code"), ("CONSENT", "chosen", "face")]
    body = records.entries_of(pupil.uuid)[-1].body
    notice = face_notice(NOON)
    assert (body["notice"], body["notice_digest"]) == (notice.version, notice.digest)
    assert records.verify_chain(pupil.uuid).is_whole


def test_withdrawing_destroys_template_photo_and_snapshots_for_good(pupil, folder):
    enrol(pupil.id)
    hand_in(pupil.id, "presence", faces.burst(["straight"], straight="obama3"))
    row = Identity.objects.get(learner_id=pupil.id)
    template, photo = bytes(row.template_sealed), default_storage.open(row.photo).read()
    with TestCase.captureOnCommitCallbacks(execute=True):
        people.withdraw(learner_id=pupil.id, at=NOON)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    row.refresh_from_db()
    assert (bytes(row.key_sealed), bytes(row.template_sealed), row.photo, row.is_enrolled) == (b"", b"", "", False)
    assert not FaceCheck.objects.exclude(features_sealed=b"").exists()
    for copy in (template, photo):  # a backup of what was sealed
        with pytest.raises(vault.Forgotten):
            vault.unseal(copy, row, "template")
    assert people.identity_of(pupil.id, at=NOON).method == "code"
    assert told(pupil)[-2:] == [("CONSENT", "withdrawn", "face"), ("CONSENT", "chosen", "code")]


def test_a_burst_that_waits_when_consent_is_withdrawn_is_never_looked_at(pupil):
    from apps.people.identity import judging

    enrol(pupil.id)
    view = people.check_face(
        learner_id=pupil.id, purpose="presence", frames=faces.burst(["straight"]), challenge=None, about="", at=NOON
    )
    people.withdraw(learner_id=pupil.id, at=NOON)
    assert judging.judge(view.uuid, at=NOON) == "fail"
    assert people.check_of(view.uuid, learner_id=pupil.id).flags == ["withdrawn"]


def test_there_is_nothing_to_withdraw_without_the_face(pupil):
    people.choose_method(learner_id=pupil.id, method="code", at=NOON)
    before = told(pupil)
    with pytest.raises(DomainError, match="nothing_to_withdraw"):
        people.withdraw(learner_id=pupil.id, at=NOON)
    assert told(pupil) == before
