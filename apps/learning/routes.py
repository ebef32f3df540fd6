"""The learner's JSON interface: sessions, beats, and what a lesson shows: playlists, keys, files and pages."""

import json
from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema, Status
from ninja.utils import check_csrf

from apps.learning import beats, queries, services
from apps.learning.models import StudySession
from apps.learning.shapes import BeatIn, Opened
from apps.learning.terminals import require_terminal, terminal_of
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants import objects
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
    pages: str


class PageOut(Schema):
    """One page of a document: picture in pixels, the least time that reading it takes in ms, where picture and text are."""

    width: int
    height: int
    least_ms: int
    picture: str
    text: str


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
    """Return what the player of an open session loads first: its renditions, or the playlist of the only one."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    return _playlist(
        catalogue.session_playlist(
            _film(row),
            **_addresses(request, row),
            rendition_uri=lambda number: f"{request.path.removesuffix('.m3u8')}/{number}.m3u8",
        )
    )


@router.get("/sessions/{session}/playlist/{int:rendition}.m3u8", auth=people.learner_auth)
def session_rendition(request: HttpRequest, session: UUID, rendition: int) -> HttpResponse:
    """Return the playlist of one rendition of an open session."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    package = _film(row)
    if rendition >= len(package.get("renditions", ())):
        raise DomainError("not_found", _("没有这个清晰度，请刷新页面。"), status=404)
    return _playlist(catalogue.media_playlist(package, **_addresses(request, row), rendition=rendition))


def _film(row: StudySession) -> dict[str, Any]:
    package = catalogue.playback(row.media).package
    if "segments" not in package:
        raise DomainError("not_found", _("这一课没有视频，请刷新页面。"), status=404)
    return package


def _addresses(request: HttpRequest, row: StudySession) -> dict[str, Callable[[Any], str]]:
    """Return where keys and files of a session are asked for."""
    root = request.path.split("/sessions/")[0]
    return {
        "key_uri": lambda number: f"{root}/sessions/{row.uuid}/keys/{number}",
        "file_uri": lambda name: f"{root}/media/{row.media}/{name}",
    }


def _playlist(text: str) -> HttpResponse:
    return _private(HttpResponse(text, content_type="application/vnd.apple.mpegurl"))


@router.get("/sessions/{session}/keys/{int:number}", auth=people.learner_auth)
def session_key(request: HttpRequest, session: UUID, number: int) -> HttpResponse:
    """Return one AES key, 16 bytes, within an open session of the asking learner only."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    return _private(HttpResponse(catalogue.media_key(row.media, number), content_type="application/octet-stream"))


@router.api_operation(["GET", "HEAD"], "/media/{media}/{file_name}", auth=people.learner_auth)
def media_file(request: HttpRequest, media: UUID, file_name: str) -> HttpResponseBase:
    """Return one file of a film, or a range of it. Segments are ciphertext and never change; captions and pictures may."""
    suffix = file_name.rpartition(".")[2]
    lasts = suffix in {"m4s", "mp4"}
    if suffix == "jpg" and any(page["file"] == file_name for page in _pages(media)):
        raise _no_page()  # pages are not ciphertext: they are shown within an open session only
    name = catalogue.media_file(media, file_name)
    return _serve(request, name, cache="private, max-age=31536000, immutable" if lasts else "private, no-cache", direct=lasts)


@router.get("/sessions/{session}/pages", auth=people.learner_auth, response=list[PageOut])
def session_pages(request: HttpRequest, session: UUID) -> list[dict[str, Any]]:
    """Return the pages of the document of an open session, in order."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    sizes = ({key: page[key] for key in ("width", "height", "least_ms")} for page in _pages(row.media))
    found = [
        {**size, "picture": f"{request.path}/{no}.jpg", "text": f"{request.path}/{no}.txt"} for no, size in enumerate(sizes, 1)
    ]
    if not found:
        raise _no_page()
    return found


@router.get("/sessions/{session}/pages/{int:no}.jpg", auth=people.learner_auth)
def session_page(request: HttpRequest, session: UUID, no: int) -> HttpResponseBase:
    """Return the picture of one page, within an open session of the asking learner only."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    name = catalogue.media_file(row.media, _page(row.media, no)["file"])
    return _serve(request, name, cache="private, no-cache", direct=False)


@router.get("/sessions/{session}/pages/{int:no}.txt", auth=people.learner_auth)
def session_page_text(request: HttpRequest, session: UUID, no: int) -> HttpResponse:
    """Return the words of one page for those who hear it read; same rules as its picture."""
    row = queries.open_session_of(session, learner_id=_learner(request).id)
    return _private(HttpResponse(_page(row.media, no)["text"], content_type="text/plain; charset=utf-8"))


def _pages(media: UUID) -> list[dict[str, Any]]:
    return list(catalogue.playback(media).package.get("pages", ()))


def _page(media: UUID, no: int) -> dict[str, Any]:
    pages = _pages(media)
    if not 1 <= no <= len(pages):
        raise _no_page()
    return pages[no - 1]


def _no_page() -> DomainError:
    return DomainError("not_found", _("没有这一页，请刷新页面。"), status=404)


def _serve(request: HttpRequest, name: str, *, cache: str, direct: bool) -> HttpResponseBase:
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    try:
        return objects.serve(request, name, content_type=kind, cache=cache, direct=direct)
    except FileNotFoundError as error:
        raise DomainError("not_found", _("没有找到课件文件，请刷新页面；仍然没有时请联系平台。"), status=404) from error


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


def _refuse_foreign_forms(request: HttpRequest) -> None:
    if check_csrf(request) is not None:
        raise DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
