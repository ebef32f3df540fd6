"""Consent is separate, versioned and can be taken back; what is taken back is destroyed (PIPL art. 14-16, 29, 47)."""

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase

from apps.people import api as people
from apps.people.identity import consent, vault
from apps.people.identity.models import FaceCheck, Identity
from apps.records import api as records
from infra.kit.errors import DomainError
from tests import faces
from tests.apps.people.identity.ground import enrol, hand_in
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.1", "R5.1")


def told(learner):
    return [(entry.kind, entry.body["event"], entry.body.get("method")) for entry in records.entries_of(learner.uuid)]


def test_each_choice_stands_in_the_ledger_with_the_text_that_was_shown(learner):
    people.choose_method(learner_id=learner.id, method="code", at=NOON)
    people.choose_method(learner_id=learner.id, method="code", at=NOON)
    people.choose_method(learner_id=learner.id, method="face", at=NOON)
    assert told(learner) == [("CONSENT", "chosen", "code"), ("CONSENT", "chosen", "face")]
    body = records.entries_of(learner.uuid)[-1].body
    assert (body["notice"], body["notice_digest"]) == (consent.NOTICE.version, consent.NOTICE.digest)
    assert records.verify_chain(learner.uuid).is_whole


def test_withdrawing_destroys_template_photo_and_snapshots_for_good(learner, folder):
    enrol(learner.id)
    hand_in(learner.id, "presence", faces.burst(["straight"], straight="obama3"))
    row = Identity.objects.get(learner_id=learner.id)
    template, photo = bytes(row.template_sealed), default_storage.open(row.photo).read()
    with TestCase.captureOnCommitCallbacks(execute=True):
        people.withdraw(learner_id=learner.id, at=NOON)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    row.refresh_from_db()
    assert (bytes(row.key_sealed), bytes(row.template_sealed), row.photo, row.is_enrolled) == (b"", b"", "", False)
    assert not FaceCheck.objects.exclude(features_sealed=b"").exists()
    for copy in (template, photo):  # a backup of what was sealed
        with pytest.raises(vault.Forgotten):
            vault.unseal(copy, row, "template")
    assert people.identity_of(learner.id, at=NOON).method == "code"
    assert told(learner)[-2:] == [("CONSENT", "withdrawn", "face"), ("CONSENT", "chosen", "code")]


def test_a_burst_that_waits_when_consent_is_withdrawn_is_never_looked_at(learner):
    from apps.people.identity import judging

    enrol(learner.id)
    view = people.check_face(
        learner_id=learner.id, purpose="presence", frames=faces.burst(["straight"]), challenge=None, about="", at=NOON
    )
    people.withdraw(learner_id=learner.id, at=NOON)
    assert judging.judge(view.uuid, at=NOON) == "fail"
    assert people.check_of(view.uuid, learner_id=learner.id).flags == ["withdrawn"]


def test_there_is_nothing_to_withdraw_without_the_face(learner):
    people.choose_method(learner_id=learner.id, method="code", at=NOON)
    before = told(learner)
    with pytest.raises(DomainError, match="nothing_to_withdraw"):
        people.withdraw(learner_id=learner.id, at=NOON)
    assert told(learner) == before
