"""Presence checks of the asking learner: what is asked, and the answer. A beat's reply names the check and its address."""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from apps.learning import checks, facing
from apps.learning.callers import asking_learner, refuse_foreign_forms
from apps.learning.terminals import terminal_of
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError

router = Router(tags=["learning"])
_PATH = "/sessions/{session}/checks/{check}"


class OptionOut(Schema):
    """One answer to choose."""

    key: str
    text: str


class CheckOut(Schema):
    """What a check asks; ``code`` is a data URL of a picture with ``digits`` digits. ``outcome`` is open, passed, missed or pending.

    ``question`` is empty where only the code is asked. For a face: ``actions`` to hold in order, and ``challenge`` to name with the
    frames (absent: a plain snapshot).
    """

    uuid: UUID
    kind: str
    within_s: int
    left_s: int
    outcome: str
    tries_left: int
    code: str | None = None
    digits: int | None = None
    question: str | None = None
    options: list[OptionOut] | None = None
    multiple: bool | None = None
    actions: list[str] | None = None
    challenge: UUID | None = None


class AnswerIn(Schema):
    """``code`` and the keys of the chosen options; or JPEG ``frames`` in base64 with the ``challenge`` they answer."""

    code: str = Field(default="", max_length=20)
    answer: list[str] = Field(default_factory=list, max_length=10)
    frames: list[str] = Field(default_factory=list, max_length=15)
    challenge: UUID | None = None


class ResultOut(Schema):
    """How an answer was judged; times in ms. ``position_ms`` is where to go on, ``must_prove``: nothing counts before a new check."""

    outcome: str
    message: str
    confirmed_ms: int
    voided_ms: int
    tries_left: int
    position_ms: int
    must_prove: bool
    locked: bool


@router.get(_PATH, auth=people.learner_auth, response=CheckOut, exclude_none=True)
def show(request: HttpRequest, response: HttpResponse, session: UUID, check: UUID) -> dict[str, Any]:
    """Return what a check asks, or how it ended."""
    response["Cache-Control"] = "no-store"
    who, terminal = asking_learner(request).id, terminal_of(request)
    return checks.show(session=session, check=check, learner_id=who, terminal=terminal, at=clock.now())


@router.post(_PATH, auth=people.learner_auth, response=ResultOut)
def answer(request: HttpRequest, session: UUID, check: UUID, body: AnswerIn) -> dict[str, Any]:
    """Judge an answer."""
    refuse_foreign_forms(request)
    names: dict[str, Any] = {
        "session": session,
        "check": check,
        "learner_id": asking_learner(request).id,
        "terminal": terminal_of(request),
    }
    if body.frames or body.challenge:
        frames = [_jpeg(frame) for frame in body.frames]
        return facing.answer(**names, frames=frames, challenge=body.challenge, at=clock.now())
    return checks.answer(**names, code=body.code, chosen=body.answer, at=clock.now())


def _jpeg(text: str) -> bytes:
    """Read a frame, with or without the head of a data URL."""
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except ValueError as error:
        raise DomainError("frames_invalid", _("照片没有传完整，请重新拍摄。"), status=422) from error
