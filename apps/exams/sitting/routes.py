"""The exam's JSON interface for an open paper. Nothing here ever carries a key to a question.

An opened paper proves itself with its own key (`keys`, header ``X-Sitting``), not with the login: no query for it on the busiest
path, no form token, and a login that runs out in the middle of an exam stops nobody.
"""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from apps.exams.sitting import answering, keys, proving, queries, services
from apps.exams.sitting.keys import Key
from apps.exams.sitting.models import Attempt
from apps.exams.sitting.shapes import Saved
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError

router = Router(tags=["exams"])
_MOST_FRAME = 300_000


class AnswerIn(Schema):
    """The response to one question, always a list of texts; an empty list clears it. ``seq``: the page's own rising number."""

    no: int
    response: list[str] = Field(max_length=20)
    seq: int


class LeavingIn(Schema):
    """That the page was left (``back`` false) or is seen again."""

    back: bool
    seq: int


class FaceIn(Schema):
    """A burst: base64 of at most 15 JPEGs, in the order taken, for the poses that were asked."""

    challenge: UUID
    frames: list[str] = Field(max_length=15)


class CodeIn(Schema):
    """The code of a text message; empty: send one."""

    code: str = Field(default="", max_length=10)


@router.post("/{attempt}/answer")
def answer(request: HttpRequest, attempt: UUID, body: AnswerIn) -> dict[str, Any]:
    """Keep the response to one question."""
    key = _key(request, attempt)
    saved = answering.answer(
        attempt_uuid=attempt,
        learner_id=key.learner_id,
        no=body.no,
        response=body.response,
        seq=body.seq,
        terminal=key.terminal,
        at=clock.now(),
    )
    return _told(saved)


@router.post("/{attempt}/leaving")
def leaving(request: HttpRequest, attempt: UUID, body: LeavingIn) -> dict[str, Any]:
    """Note that the page was left, or is back."""
    key = _present(request, attempt)
    saved = answering.note_leaving(
        attempt_uuid=attempt,
        learner_id=key.learner_id,
        is_back=body.back,
        seq=body.seq,
        terminal=key.terminal,
        at=clock.now(),
    )
    return {**_told(saved), "leaves": saved.leaves, **({"result": _result(attempt)} if saved.over else {})}


@router.post("/{attempt}/submit")
def submit(request: HttpRequest, attempt: UUID) -> dict[str, Any]:
    """Hand the try in; again and again the same result."""
    key = _present(request, attempt)
    services.submit(attempt_uuid=attempt, learner_id=key.learner_id, at=clock.now(), by=Attempt.By.LEARNER)
    return {"result": _result(attempt)}


@router.post("/{attempt}/check")
def check(request: HttpRequest, attempt: UUID) -> dict[str, Any]:
    """Tell how to prove now who is there."""
    return proving.ask(**_names(request, attempt))


@router.post("/{attempt}/check/face")
def check_face(request: HttpRequest, attempt: UUID, body: FaceIn) -> dict[str, Any]:
    """Judge a burst of frames; waits three seconds at most, and then lets the exam go on."""
    frames = [_jpeg(frame) for frame in body.frames]
    return proving.by_face(**_names(request, attempt), frames=frames, challenge=body.challenge)


@router.post("/{attempt}/check/code")
def check_code(request: HttpRequest, attempt: UUID, body: CodeIn) -> dict[str, Any]:
    """Send a code to the learner's phone, or use it up."""
    names = _names(request, attempt)
    return proving.by_code(**names, code=body.code) if body.code else proving.send_code(**names)


def _names(request: HttpRequest, attempt: UUID) -> dict[str, Any]:
    key = _present(request, attempt)
    return {"attempt_uuid": attempt, "learner_id": key.learner_id, "terminal": key.terminal, "at": clock.now()}


def _key(request: HttpRequest, attempt: UUID) -> Key:
    return keys.read(request.headers.get("X-Sitting", ""), attempt=attempt, terminal=people.terminal_of(request))


def _present(request: HttpRequest, attempt: UUID) -> Key:
    """Return the key of somebody who is still on the books, with data that may be used: it asks no login, which an archived learner has
    not any more, and which shows a restricted one the own data alone.

    :raises DomainError: 404 ``not_found``; 401 ``page_expired``
    """
    key = _key(request, attempt)
    learner = people.learner(key.learner_id)
    if not learner.is_active or learner.is_restricted:
        raise queries.not_found()
    return key


def _told(saved: Saved) -> dict[str, Any]:
    told = {"seq": saved.seq, "saved_at": saved.at.isoformat(), "left_s": saved.left_s, "elsewhere": saved.elsewhere}
    return {**told, "check": saved.check}


def _result(attempt: UUID) -> str:
    return reverse("learn-exam-result", args=[attempt])


def _jpeg(text: str) -> bytes:
    try:
        if len(text) > _MOST_FRAME:
            raise ValueError
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except ValueError as error:
        raise DomainError("frames_invalid", _("照片没有传完整，请重新拍摄。"), status=422) from error
