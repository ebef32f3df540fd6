"""The learner's JSON interface: sessions, beats, and the film's playlist, keys and files."""

import json
from typing import Any, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status
from ninja.utils import check_csrf

from apps.learning import beats, queries, services
from apps.learning.playlist import playlist
from apps.learning.shapes import BeatIn, Opened
from apps.learning.terminals import require_terminal, terminal_of
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants.addresses import client_ip

router = Router(tags=["learning"])
_MAX_BEAT = 8 * 1024
_TYPES = {"m4s": "video/iso.segment", "mp4": "video/mp4", "vtt": "text/vtt; charset=utf-8", "jpg": "image/jpeg"}


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
    playlist: str


class CloseIn(Schema):
    """Why the learner ends a session."""

    reason: Literal["finished", "left", "daily_limit"] = "left"


@router.post("/sessions", auth=people.learner_auth, response={201: SessionOut})
def open_session(request: HttpRequest, body: OpenIn) -> Status[dict[str, Any]]:
    """Open a study session on this terminal; the person's other sessions end."""
    _refuse_foreign_forms(request)
    opened = services.open_session(
        learner=_learner(request),
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
    return HttpResponse(json.dumps(reply), content_type="application/json")


@router.post("/sessions/{session}/close", auth=people.learner_auth, response={204: None})
def close_session(request: HttpRequest, session: UUID, body: CloseIn) -> Status[None]:
    """End a session and seal its record."""
    _refuse_foreign_forms(request)
    services.close_session(session=session, reason=body.reason, at=clock.now(), learner_id=_learner(request).id)
    return Status(204, None)


@router.get("/sessions/{session}/playlist.m3u8", auth=people.learner_auth)
def session_playlist(request: HttpRequest, session: UUID) -> HttpResponse:
    """Return the playlist of an open session."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    root = request.path.split("/sessions/")[0]
    text = playlist(
        catalogue.playback(row.media).package,
        key_uri=lambda number: f"{root}/sessions/{session}/keys/{number}",
        file_uri=lambda name: f"{root}/media/{row.media}/{name}",
    )
    return _private(HttpResponse(text, content_type="application/vnd.apple.mpegurl"))


@router.get("/sessions/{session}/keys/{int:number}", auth=people.learner_auth)
def session_key(request: HttpRequest, session: UUID, number: int) -> HttpResponse:
    """Return one AES key, 16 bytes, within an open session of the asking learner only."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    return _private(HttpResponse(catalogue.media_key(row.media, number), content_type="application/octet-stream"))


@router.get("/media/{media}/{file_name}", auth=people.learner_auth)
def media_file(request: HttpRequest, media: UUID, file_name: str) -> FileResponse:
    """Return one file of a film. Segments are ciphertext; a film's files never change under their names."""
    kind = _TYPES.get(file_name.rpartition(".")[2], "application/octet-stream")
    response = FileResponse(catalogue.open_media(media, file_name), content_type=kind)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _learner(request: HttpRequest) -> people.LearnerView:
    who: people.LearnerView = request.auth  # type: ignore[attr-defined]
    return who


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
        "playlist": f"{request.path}/{opened.uuid}/playlist.m3u8",
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


def _refuse_foreign_forms(request: HttpRequest) -> None:
    if check_csrf(request) is not None:
        raise DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
