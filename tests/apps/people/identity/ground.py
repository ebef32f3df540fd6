"""A learner who has chosen, bursts of a real face, and the worker's part done in this process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.test import TestCase

from apps.people import api as people
from apps.people.identity import judging
from apps.people.identity.models import Liveness
from tests import faces
from tests.conftest import NOON

TERMINAL = "a" * 32


def challenge_of(learner_id: int, purpose: str, actions: Sequence[str], at: datetime = NOON) -> UUID:
    """Draw a challenge until it asks for these poses: what a person does with the poses is what tests are about."""
    view = people.start_liveness(learner_id=learner_id, purpose=purpose, at=at)
    Liveness.objects.filter(uuid=view.uuid).update(actions=list(actions))
    return view.uuid


def hand_in(learner_id: int, purpose: str, frames: Sequence[bytes], *, actions: Sequence[str] = (), at: datetime = NOON, **more):
    """Hand a burst in and let the worker judge it; returns how it stands."""
    challenge = challenge_of(learner_id, purpose, actions, at) if actions else None
    with TestCase.captureOnCommitCallbacks():
        view = people.check_face(
            learner_id=learner_id,
            purpose=purpose,
            frames=frames,
            challenge=challenge,
            about=more.pop("about", ""),
            at=at,
            terminal=more.pop("terminal", TERMINAL),
            **more,
        )
    assert view.outcome == "pending", "within a transaction nobody can have judged"
    with TestCase.captureOnCommitCallbacks(execute=True):
        judging.judge(view.uuid, at=at)
    return people.check_of(view.uuid, learner_id=learner_id)


ENROL = ("left", "straight", "right", "straight")
OPEN = ("right", "straight", "left")


def enrol(learner_id: int, at: datetime = NOON) -> None:
    """Choose the face, show the phone, enrol."""
    people.choose_method(learner_id=learner_id, method="face", at=at)
    people.note_proof(learner_id=learner_id, terminal=TERMINAL, method="code", at=at)
    assert hand_in(learner_id, "enrol", faces.burst(list(ENROL)), actions=ENROL, at=at).outcome == "pass"
