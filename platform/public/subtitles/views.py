"""Pages and answers of the subtitle editor."""

import json
from typing import Any
from urllib.parse import quote

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue.api import Showing
from public.operators.api import Me, Role, desk_page, frame
from public.subtitles import queries, services
from public.subtitles.access import Access, access, require_edit
from public.subtitles.chinese import simplified
from public.subtitles.cues import Cue, from_json, srt, webvtt
from public.subtitles.queries import TrackView
from public.subtitles.reading import MOST_BYTES, read
from public.subtitles.rules import check

_FORMS = {"vtt": ("text/vtt; charset=utf-8", webvtt), "srt": ("application/x-subrip; charset=utf-8", srt)}


@require_GET
@never_cache
@ensure_csrf_cookie
@csp_replace({"connect-src": settings.PLAYER_CONNECT_SRC})
@desk_page()
def editor(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Show the editor: film, timeline, cues and problems."""
    found = access(me, media_id)
    lesson, film = found.lesson, found.film
    context = {
        "page_title": _("编辑字幕") if found.may_edit else _("查看字幕"),
        "access": found,
        "lesson": lesson,
        "film": film,
        "state": _state(found, queries.track_of(media_id)),
        "history": queries.history(media_id),
        "copy_url": _copy_url(found.copyable(me)),
        "back_url": _back_url(me, lesson),
        "playlist_url": reverse("desk-media-playlist", args=[media_id]) if film.is_ready else "",
    }
    return render(
        request,
        "subtitles/editor.html",
        {**frame(request, me, "desk-authoring" if me.role == Role.AUTHOR else "desk-courses"), **context},
    )


def _copy_url(lesson: Showing | None) -> str:
    return reverse("desk-authoring-lesson-copy", args=[lesson.lesson_id]) if lesson else ""


def _back_url(me: Me, lesson: Showing | None) -> str:
    if lesson is None:
        return reverse("desk")
    return reverse("desk-authoring-version" if me.role == Role.AUTHOR else "desk-course", args=[lesson.version_id])


def _state(found: Access, track: TrackView | None) -> dict[str, Any]:
    cues = track.cues if track else []
    return {
        "media": found.film.id,
        "duration_ms": found.film.duration_ms,
        "may_edit": found.may_edit,
        "revision": track.revision if track else 0,
        "cues": [cue.as_json() for cue in cues],
        "problems": _problems(cues, found),
        "root": reverse("desk-subtitles-track", args=[found.film.id]),
    }


def _problems(cues: list[Cue], found: Access) -> list[dict[str, Any]]:
    return [problem.as_json() for problem in check(cues, found.film.duration_ms, found.film.silences)]


@desk_page()
def track(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """GET: the present state. POST ``{revision, cues}``: save it, 409 when somebody else was faster."""
    if request.method != "POST":
        return JsonResponse(_state(access(me, media_id), queries.track_of(media_id)))
    found, body = require_edit(me, media_id), _body(request)
    revision = body.get("revision")
    if type(revision) is not int:
        raise DomainError("bad_cues", _("请求内容不完整，请刷新页面后重试。"), status=422)
    saved = services.save(
        media_id=media_id,
        cues=from_json(body.get("cues")),
        expected_revision=revision,
        by=services.Editor(me.credential_id, me.name),
        at=clock.now(),
        source="IMPORT" if body.get("source") == "IMPORT" else "EDITOR",
    )
    return JsonResponse(_state(found, saved))


@require_POST
@desk_page()
def check_cues(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Return the problems of cues that are not saved yet."""
    found = access(me, media_id)
    return JsonResponse({"problems": _problems(from_json(_body(request).get("cues")), found)})


@require_POST
@desk_page(Role.AUTHOR)
def read_file(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Read a subtitle file and return its cues for the editor; nothing is saved yet."""
    found = require_edit(me, media_id)
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError("empty_file", _("请选择一个 .vtt 或 .srt 字幕文件。"), status=422)
    # One byte more than allowed is enough to know that it is too large.
    imported = read(upload.read(MOST_BYTES + 1))
    cues = [cue.as_json() for cue in imported.cues]
    answer = {"cues": cues, "notes": imported.notes, "form": imported.form, "encoding": imported.encoding}
    return JsonResponse({**answer, "problems": _problems(imported.cues, found)})


@require_POST
@desk_page(Role.AUTHOR)
def simplify(request: HttpRequest, me: Me, media_id: int) -> HttpResponse:
    """Return the cues in simplified characters; nothing is saved yet."""
    require_edit(me, media_id)
    cues = [Cue(cue.start_ms, cue.end_ms, simplified(cue.text)) for cue in from_json(_body(request).get("cues"))]
    return JsonResponse({"cues": [cue.as_json() for cue in cues]})


@require_GET
@desk_page()
def revision(request: HttpRequest, me: Me, media_id: int, number: int) -> HttpResponse:
    """Return the cues of an old state, to look at or take back."""
    access(me, media_id)
    return JsonResponse({"cues": [cue.as_json() for cue in queries.revision_cues(media_id, number)]})


@require_GET
@desk_page()
def export(request: HttpRequest, me: Me, media_id: int, form: str) -> HttpResponse:
    """Return the saved track as a file."""
    found = access(me, media_id)
    saved = queries.track_of(media_id) if form in _FORMS else None
    if saved is None:
        raise DomainError("not_found", _("还没有保存过字幕，请先导入或编写并保存。"), status=404)
    kind, write = _FORMS[form]
    title = found.lesson.title if found.lesson else str(media_id)
    response = HttpResponse(write(saved.cues), content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}.{form}')}"
    return response


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError as error:
        raise DomainError("bad_cues", _("请求内容不完整，请刷新页面后重试。"), status=422) from error
    return found if isinstance(found, dict) else {}
