"""Desk pages of media: what is being made, what came out, trying again, a preview with keys for people of the platform."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import media, media_services
from public.catalogue.media_playlists import media_playlist, session_playlist
from public.catalogue.media_services import MediaView
from public.catalogue.queries import not_found
from public.operators.api import Me, Role, desk_page, frame
from tenants import objects

_TYPES = {
    "m4s": "video/iso.segment",
    "mp4": "video/mp4",
    "vtt": "text/vtt; charset=utf-8",
    "jpg": "image/jpeg",
}
_TONES = {"READY": "proven", "FAILED": "stop", "QUEUED": "neutral", "PROCESSING": "info"}


def _mine(me: Me, media_id: int) -> MediaView:
    """Return an asset that this person may see: an author's own and those nobody uploaded; the other roles see all."""
    view = media_services.media_detail(media_id)
    if me.role == Role.AUTHOR and view.owner_id not in {None, me.credential_id}:
        raise not_found(_("媒体"))
    return view


def _context(view: MediaView) -> dict[str, Any]:
    badge = {
        "tone": _TONES[view.state],
        "label": view.stage if view.is_working else dict(media_services.State.choices)[view.state],
    }
    return {"media": view, "badge": badge}


@require_GET
@never_cache
@csp_replace({"connect-src": settings.PLAYER_CONNECT_SRC})
@desk_page()
def detail(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Show one asset; htmx asks for the changing part alone."""
    context = _context(_mine(me, media_id))
    if request.headers.get("HX-Request"):
        return render(request, "catalogue/_media.html", context)
    title = context["media"].kind_name
    return render(request, "catalogue/media.html", {**frame(request, me, "desk-authoring"), **context, "page_title": title})


@require_POST
@desk_page(Role.AUTHOR, Role.OPERATIONS)
def retry(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Make a failed asset once more."""
    media_services.retry_media(_mine(me, media_id).id, at=clock.now())
    messages.success(request, _("已重新排队制作。"))
    return redirect("desk-media-detail", media_id)


@require_GET
@never_cache
@desk_page()
def playlist(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Return what the preview player loads first."""
    view = _mine(me, media_id)
    text = session_playlist(
        media.playback(view.uuid).package,
        **_addresses(media_id),
        rendition_uri=lambda number: reverse("desk-media-rendition", args=[media_id, number]),
    )
    return HttpResponse(text, content_type="application/vnd.apple.mpegurl")


@require_GET
@never_cache
@desk_page()
def rendition(request: HttpRequest, me: Me, media_id: int, number: int) -> HttpResponse:
    """Return the playlist of one rendition."""
    package = media.playback(_mine(me, media_id).uuid).package
    if number >= len(package.get("renditions", ())):
        raise not_found(_("清晰度"))
    text = media_playlist(package, **_addresses(media_id), rendition=number)
    return HttpResponse(text, content_type="application/vnd.apple.mpegurl")


def _addresses(media_id: int) -> dict[str, Any]:
    return {
        "key_uri": lambda number: reverse("desk-media-key", args=[media_id, number]),
        "file_uri": lambda name: reverse("desk-media-file", args=[media_id, name]),
    }


@require_GET
@never_cache
@desk_page()
def key(request: HttpRequest, me: Me, media_id: int, number: int) -> HttpResponse:
    """Return one key: people of the platform judge films, so no study session is asked for."""
    return HttpResponse(media.media_key(_mine(me, media_id).uuid, number), content_type="application/octet-stream")


@require_safe
@desk_page()
def file(request: HttpRequest, me: Me, media_id: int, file_name: str) -> HttpResponseBase:
    """Return one file of an asset."""
    kind = _TYPES.get(file_name.rpartition(".")[2], "application/octet-stream")
    try:
        name = media.media_file(_mine(me, media_id).uuid, file_name)
        return objects.serve(request, name, content_type=kind, cache="private, max-age=3600")
    except FileNotFoundError as error:
        raise DomainError("not_found", _("没有找到文件，请刷新页面。"), status=404) from error
