"""Before a lesson opens: a choice, and a proof on this very device within 12 hours."""

from datetime import timedelta

import pytest

from apps.people import api as people
from infra.kit.errors import DomainError
from tests.apps.people.identity.ground import TERMINAL, enrol
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.1", "R2.3")


def needs(pupil, *, terminal=TERMINAL, at=NOON):
    return people.identity_of(pupil.id, at=at, terminal=terminal).needs


def test_nobody_learns_before_choosing_how_to_prove_who_is_there(pupil):
    with pytest.raises(DomainError) as refusal:
        people.require_identity(learner_id=pupil.id, terminal=TERMINAL, at=NOON, back="/learn/x?y=1")
    assert (refusal.value.code, refusal.value.status) == ("identity_required", 403)
    assert refusal.value.details == {"url": "/learn/identity?next=%2Flearn%2Fx%3Fy%3D1", "needs": "consent"}


def test_a_code_opens_lessons_on_one_terminal_for_twelve_hours(pupil, colleague):
    people.choose_method(learner_id=pupil.id, method="code", at=NOON)
    assert needs(pupil) == "proof"
    people.note_proof(learner_id=pupil.id, terminal=TERMINAL, method="code", at=NOON)
    people.require_identity(learner_id=pupil.id, terminal=TERMINAL, at=NOON + timedelta(hours=11, minutes=59))
    assert needs(pupil, at=NOON + timedelta(hours=12)) == "proof"
    assert needs(pupil, terminal="b" * 32) == "proof", "not on another device"
    assert needs(pupil, terminal="") == "proof", "nor on one without a name"
    assert needs(colleague) == "consent", "nor for somebody else"


def test_who_chose_the_face_must_show_it_and_not_only_the_phone(pupil):
    people.choose_method(learner_id=pupil.id, method="face", at=NOON)
    people.note_proof(learner_id=pupil.id, terminal=TERMINAL, method="code", at=NOON)
    assert needs(pupil) == "enrol"
    enrol(pupil.id)
    assert needs(pupil) is None, "enrolling shows the face, too"
    later = NOON + timedelta(hours=13)
    people.note_proof(learner_id=pupil.id, terminal=TERMINAL, method="code", at=later)
    assert needs(pupil, at=later) == "proof"
    people.note_proof(learner_id=pupil.id, terminal=TERMINAL, method="code", at=later, instead=True)
    assert needs(pupil, at=later) is None, "unless the code was asked for in place of the face"
