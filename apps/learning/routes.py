"""The learner's JSON interface: sessions and beats. What a lesson shows is in `media_routes`, presence checks in `check_routes`."""

import json
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status

from apps.learning import beats, services
from apps.learning.callers import asking_learner, refuse_foreign_forms
from apps.learning.check_routes import router as check_router
from apps.learning.media_routes import router as media_router
from apps.learning.quizzes.routes import router as quiz_router
from apps.learning.shapes import BeatIn, Opened
from apps.learning.terminals import require_terminal, terminal_of
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import limits
from tenants.addresses import client_ip
from tenants.api import require

router = Router(tags=["learning"])
router.add_router("", media_router)
router.add_router("", check_router)
router.add_router("", quiz_router)
OPENINGS = "60/10 minutes"
_MAX_BEAT = 8 * 1024


class OpenIn(Schema):
    """Which lesson of which assignment."""

    assignment: UUID
    courseware: int


class SessionOut(Schema):
    """A fresh session; times in ms, ``next_in`` in seconds, ``key`` in hex."""

    session: UUID
    key: str
    nonce: str
    next_in: int
    position_ms: int
    furthest_ms: int
    covered_ms: int
    duration_ms: int
    day_left_ms: int
    took_over: bool
    provisional_ms: int
    must_prove: bool
    points: list[int]
    playlist: str
    pages: str


class CloseIn(Schema):
    """Why the learner ends a session."""

    reason: Literal["finished", "left", "daily_limit"] = "left"


@router.post("/sessions", auth=people.learner_auth, response={201: SessionOut})
def open_session(request: HttpRequest, body: OpenIn) -> Status[dict[str, Any]]:
    """Open a study session on this terminal; the person's other sessions end. Each leaves a row in the ledger for good."""
    refuse_foreign_forms(request)
    limits.spend(OPENINGS, "study", require().schema, str(asking_learner(request).id))
    opened = services.open_session(
        learner=asking_learner(request),
        assignment_uuid=body.assignment,
        courseware_id=body.courseware,
        terminal=require_terminal(request),
        ip=client_ip(request),
        at=clock.now(),
    )
    return Status(201, _session_out(request, opened))


@router.post("/sessions/{session}/beats")
def beat(request: HttpRequest, session: UUID) -> HttpResponse:
    """Judge one beat. Proven by its MAC and the terminal, so that `sendBeacon` can send it without a form token."""
    reply = beats.accept_beat(session=session, beat=_body(request), terminal=terminal_of(request), at=clock.now())
    if reply["check"]:
        reply["check"]["url"] = f"{request.path.removesuffix('/beats')}/checks/{reply['check']['uuid']}"
    if reply.get("quiz"):  # a reply stored by older code has none
        reply["quiz"]["url"] = f"{request.path.removesuffix('/beats')}/quizzes/{reply['quiz']['uuid']}"
    return HttpResponse(json.dumps(reply), content_type="application/json")


@router.post("/sessions/{session}/close", auth=people.learner_auth, response={204: None})
def close_session(request: HttpRequest, session: UUID, body: CloseIn) -> Status[None]:
    """End a session and seal its record."""
    refuse_foreign_forms(request)
    services.close_session(session=session, reason=body.reason, at=clock.now(), learner_id=asking_learner(request).id)
    return Status(204, None)


def _session_out(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    return {
        "session": opened.uuid,
        "key": opened.key_hex,
        "nonce": opened.nonce,
        "next_in": opened.next_in,
        "position_ms": opened.position_ms,
        "furthest_ms": opened.furthest_ms,
        "covered_ms": opened.covered_ms,
        "duration_ms": opened.duration_ms,
        "day_left_ms": opened.day_left_ms,
        "took_over": opened.took_over,
        "provisional_ms": opened.provisional_ms,
        "must_prove": opened.must_prove,
        "points": list(opened.points),
        "playlist": f"{request.path}/{opened.uuid}/playlist.m3u8",
        "pages": f"{request.path}/{opened.uuid}/pages",
    }


def _body(request: HttpRequest) -> dict[str, Any]:
    """Read the beat, whatever type the browser gave it: `sendBeacon` says text/plain."""
    if len(request.body) > _MAX_BEAT:
        raise DomainError("too_large", _("学习数据太大。请刷新页面后继续。"), status=413)
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BeatIn.invalid() from error
    if not isinstance(found, dict):
        raise BeatIn.invalid()
    return found
