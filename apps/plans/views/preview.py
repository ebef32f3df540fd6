"""A look at the first lesson for managers who choose courses. No study session is opened, so nothing is credited."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import CoursewareView
from tenants import objects

_TYPES = {"m4s": "video/iso.segment", "mp4": "video/mp4", "vtt": "text/vtt; charset=utf-8", "jpg": "image/jpeg"}
_HLS = "application/vnd.apple.mpegurl"


def _gone() -> DomainError:
    return DomainError("not_found", _("没有可试看的课件，请刷新课程页。"), status=404)


def first_lesson(version_id: int) -> CoursewareView:
    """Return the only lesson that may be looked at.

    :raises DomainError: ``not_found``, also for a version that the enterprise may not see or that was recalled
    """
    shown = catalogue.showcase(version_id, on=clock.shanghai_date(clock.now()))
    films = [lesson for lesson in shown.lessons if not lesson.is_quiz]
    if not films or shown.state in {"RECALLED", "HELD"}:
        raise _gone()
    return films[0]


@require_GET
@never_cache
@people.manager_page(people.Permission.COURSES_SEE)
def playlist(request: HttpRequest, version_id: int) -> HttpResponse:
    """Return what the player loads first."""
    package = catalogue.playback(first_lesson(version_id).media).package
    if "segments" not in package:  # a document
        raise _gone()
    text = catalogue.session_playlist(
        package,
        **_addresses(version_id),
        rendition_uri=lambda number: reverse("console-preview-rendition", args=[version_id, number]),
    )
    return HttpResponse(text, content_type=_HLS)


@require_GET
@never_cache
@people.manager_page(people.Permission.COURSES_SEE)
def rendition(request: HttpRequest, version_id: int, number: int) -> HttpResponse:
    """Return the playlist of one rendition."""
    package = catalogue.playback(first_lesson(version_id).media).package
    if number >= len(package.get("renditions", ())):
        raise _gone()
    return HttpResponse(catalogue.media_playlist(package, **_addresses(version_id), rendition=number), content_type=_HLS)


def _addresses(version_id: int) -> dict[str, Any]:
    return {
        "key_uri": lambda number: reverse("console-preview-key", args=[version_id, number]),
        "file_uri": lambda name: reverse("console-preview-file", args=[version_id, name]),
    }


@require_GET
@never_cache
@people.manager_page(people.Permission.COURSES_SEE)
def key(request: HttpRequest, version_id: int, number: int) -> HttpResponse:
    """Return one key of the first lesson."""
    return HttpResponse(catalogue.media_key(first_lesson(version_id).media, number), content_type="application/octet-stream")


@require_safe
@people.manager_page(people.Permission.COURSES_SEE)
def file(request: HttpRequest, version_id: int, file_name: str) -> HttpResponseBase:
    """Return one file of the first lesson."""
    kind = _TYPES.get(file_name.rpartition(".")[2], "application/octet-stream")
    try:
        name = catalogue.media_file(first_lesson(version_id).media, file_name)
        return objects.serve(request, name, content_type=kind, cache="private, max-age=3600")
    except FileNotFoundError as error:
        raise _gone() from error
