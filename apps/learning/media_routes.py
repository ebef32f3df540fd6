"""What a lesson shows: playlists, keys, files and pages. Keys and pages open media for a session, paced to real time (`pacing`)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from apps.learning import pacing, queries
from apps.learning.callers import asking_learner
from apps.learning.models import StudySession
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from tenants import objects

router = Router(tags=["learning"])
_TYPES = {"m4s": "video/iso.segment", "mp4": "video/mp4", "vtt": "text/vtt; charset=utf-8", "jpg": "image/jpeg"}


class PageOut(Schema):
    """One page of a document: picture in pixels, the least time that reading it takes in ms, where picture and text are."""

    width: int
    height: int
    least_ms: int
    picture: str
    text: str


@router.get("/sessions/{session}/playlist.m3u8", auth=people.learner_auth)
def session_playlist(request: HttpRequest, session: UUID) -> HttpResponse:
    """Return what the player of an open session loads first: its renditions, or the playlist of the only one."""
    row = queries.open_session_of(session, learner_id=asking_learner(request).id)
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
    row = queries.open_session_of(session, learner_id=asking_learner(request).id)
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
    """Return one AES key, 16 bytes, within an open session of the asking learner only and no faster than real time.

    425 ``too_early`` with ``retry_in`` in seconds where its media begins more than 30 s ahead.
    """
    row = queries.open_session_of(session, learner_id=asking_learner(request).id)
    opened = pacing.key_spans(_film(row), duration_ms=row.duration_ms)
    key = catalogue.media_key(row.media, number)
    if number >= len(opened):
        raise DomainError("not_found", _("没有这个密钥，请刷新页面。"), status=404)
    pacing.hand_out(row, opened[number], at=clock.now())
    return _private(HttpResponse(key, content_type="application/octet-stream"))


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
    row = queries.open_session_of(session, learner_id=asking_learner(request).id)
    sizes = ({key: page[key] for key in ("width", "height", "least_ms")} for page in _pages(row.media))
    found = [
        {**size, "picture": f"{request.path}/{no}.jpg", "text": f"{request.path}/{no}.txt"} for no, size in enumerate(sizes, 1)
    ]
    if not found:
        raise _no_page()
    return found


@router.get("/sessions/{session}/pages/{int:no}.jpg", auth=people.learner_auth)
def session_page(request: HttpRequest, session: UUID, no: int) -> HttpResponseBase:
    """Return the picture of one page, within an open session of the asking learner only; paced as keys are."""
    row = queries.open_session_of(session, learner_id=asking_learner(request).id)
    name = catalogue.media_file(row.media, _handed_out(row, no)["file"])
    return _serve(request, name, cache="private, no-cache", direct=False)


@router.get("/sessions/{session}/pages/{int:no}.txt", auth=people.learner_auth)
def session_page_text(request: HttpRequest, session: UUID, no: int) -> HttpResponse:
    """Return the words of one page for those who hear it read; same rules as its picture."""
    row = queries.open_session_of(session, learner_id=asking_learner(request).id)
    return _private(HttpResponse(_handed_out(row, no)["text"], content_type="text/plain; charset=utf-8"))


def _pages(media: UUID) -> list[dict[str, Any]]:
    return list(catalogue.playback(media).package.get("pages", ()))


def _handed_out(row: StudySession, no: int) -> dict[str, Any]:
    pages = _pages(row.media)
    if not 1 <= no <= len(pages):
        raise _no_page()
    pacing.hand_out(row, pacing.page_spans(pages, duration_ms=row.duration_ms)[no - 1], at=clock.now())
    return pages[no - 1]


def _no_page() -> DomainError:
    return DomainError("not_found", _("没有这一页，请刷新页面。"), status=404)


def _serve(request: HttpRequest, name: str, *, cache: str, direct: bool) -> HttpResponseBase:
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    try:
        return objects.serve(request, name, content_type=kind, cache=cache, direct=direct)
    except FileNotFoundError as error:
        raise DomainError("not_found", _("没有找到课件文件，请刷新页面；仍然没有时请联系平台。"), status=404) from error


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
