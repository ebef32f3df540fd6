"""The learner's JSON interface of identity: challenges, bursts of frames, how a check stands. No picture ever comes back."""

import base64
import binascii
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status
from ninja.utils import check_csrf

from apps.people import access, terminals
from apps.people.identity import checks, liveness, words
from apps.people.identity.rules import MOST_BYTES, MOST_FRAMES
from apps.people.identity.shapes import FaceCheckView
from apps.people.shapes import LearnerView
from infra.kit import clock
from infra.kit.errors import DomainError

router = Router(tags=["identity"])
_MOST_BASE64 = MOST_BYTES * 4 // 3 + 8


class LivenessIn(Schema):
    """What the poses are for."""

    purpose: Literal["enrol", "open"]


class LivenessOut(Schema):
    """Poses to hold, in this order, and the seconds until the challenge is worth nothing."""

    challenge: UUID
    actions: list[str]
    left_s: int


class FacesIn(Schema):
    """A burst: base64 of at most 15 JPEGs of at most 200 kB, in the order taken; ``id_photo`` only to enrol."""

    purpose: Literal["enrol", "open"]
    challenge: UUID
    frames: list[str]
    id_photo: str = ""


class CheckOut(Schema):
    """How a check stands, and the words for the person. Neither score nor reason for machines: both would teach a forger."""

    check: UUID
    outcome: str
    message: str


@router.post("/liveness", auth=access.learner_auth, response={201: LivenessOut})
def start_liveness(request: HttpRequest, body: LivenessIn) -> Status[dict[str, Any]]:
    """Draw a challenge for the asking learner."""
    _refuse_foreign_forms(request)
    now = clock.now()
    view = liveness.start(learner_id=_learner(request).id, purpose=body.purpose, at=now)
    left = int((view.expires_at - now).total_seconds())
    return Status(201, {"challenge": view.uuid, "actions": view.actions, "left_s": left})


@router.post("/faces", auth=access.learner_auth, response=CheckOut)
def hand_in_faces(request: HttpRequest, body: FacesIn) -> dict[str, Any]:
    """Hand in a burst and wait for at most three seconds."""
    _refuse_foreign_forms(request)
    view = checks.check_face(
        learner_id=_learner(request).id,
        purpose=body.purpose,
        frames=pictures(body.frames),
        challenge=body.challenge,
        about="",
        at=clock.now(),
        terminal=terminals.require_terminal(request),
        id_photo=pictures([body.id_photo])[0] if body.id_photo else None,
    )
    return _out(view)


@router.get("/faces/{check}", auth=access.learner_auth, response=CheckOut)
def face_check(request: HttpRequest, check: UUID) -> dict[str, Any]:
    """Tell how a check of the asking learner stands."""
    return _out(checks.check_of(check, learner_id=_learner(request).id))


def pictures(texts: list[str]) -> list[bytes]:
    """Return the bytes of base64 texts; a data URL's head is left out.

    :raises DomainError: 422 ``frames_invalid``
    """
    try:
        if len(texts) > MOST_FRAMES or any(len(text) > _MOST_BASE64 + 64 for text in texts):
            raise ValueError
        return [base64.b64decode(text.rpartition(",")[2], validate=True) for text in texts]
    except (ValueError, binascii.Error) as error:
        raise DomainError("frames_invalid", _("照片无法使用。请允许使用摄像头，重新拍摄一次。"), status=422) from error


def _out(view: FaceCheckView) -> dict[str, Any]:
    return {"check": view.uuid, "outcome": view.outcome, "message": str(words.told(view))}


def _learner(request: HttpRequest) -> LearnerView:
    who: LearnerView = request.auth  # type: ignore[attr-defined]
    return who


def _refuse_foreign_forms(request: HttpRequest) -> None:
    if check_csrf(request) is not None:
        raise DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403)
