"""Lessons and their media: a new one, another file, progress, one more try."""

from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.authoring.place import Place
from public.authoring.shown import editor_context
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.uploads import api as uploads

KINDS = ("video", "audio", "document")
ACCEPT = "video/*,audio/*,.pdf,.pptx"
PURPOSE = "courseware"


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Upload a file and make a lesson of it; the chapter is named in the address."""
    found = authoring.editor(version_id, by=place.writer)
    chapter = request.GET.get("chapter", "")
    chapter_id = int(chapter) if chapter.isdecimal() and len(chapter) < 18 else None
    if request.method == "GET":
        return _upload_page(request, place, found, title=_("添加课件"))
    with transaction.atomic():
        media_id, name = _media(request, place)
        title = PurePath(name).stem.replace("\0", "")[:120] or str(_("新课件"))
        authoring.add_lesson(version_id=version_id, title=title, media_id=media_id, chapter_id=chapter_id, by=place.writer)
    messages.success(request, _("课件已添加，正在处理文件；标题取自文件名，可以修改。"))
    return _leave(request, place, version_id)


@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Upload another file for a lesson."""
    version_id = authoring.version_of_lesson(lesson_id)
    found = authoring.editor(version_id, by=place.writer)
    if request.method == "GET":
        lesson = next(line for line in found.lessons if line.id == lesson_id)
        return _upload_page(request, place, found, title=_("替换“%(title)s”的文件") % {"title": lesson.title})
    with transaction.atomic():
        media_id, _name = _media(request, place)
        authoring.replace_media(lesson_id=lesson_id, media_id=media_id, by=place.writer)
    messages.success(request, _("文件已替换，正在处理。字幕和版权请按新文件核对。"))
    return _leave(request, place, version_id)


@require_POST
def copy(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Give a lesson a copy of the film that a submitted version shows too, and go to its subtitles."""
    version_id = authoring.version_of_lesson(lesson_id)
    at = clock.now()
    try:
        with transaction.atomic():
            media_id = authoring.copy_media(lesson_id=lesson_id, by=place.writer, at=at)
            place.note("lesson.media_copied", f"course-version:{version_id}", at)
    except DomainError as error:
        if error.code not in {"not_shared", "not_ready"}:
            raise
        messages.info(request, error.message)
        return place.go("version", version_id)
    messages.success(request, _("已为草稿复制影片，字幕可以修改了。影片文件在后台复制，完成前暂不能播放。"))
    return redirect(place.subtitles(lesson_id, media_id))


def _upload_page(request: HttpRequest, place: Place, found: authoring.Editor, *, title: object) -> HttpResponse:
    if not found.may_edit:
        raise DomainError("frozen", _("这一版已提交，内容不能再改。需要修改时，请新建一个版本。"), status=409)
    context = {
        "page_title": title,
        "editor": found,
        "back_url": place.url("version", found.version_id),
        "purpose": PURPOSE,
        "accept": ACCEPT,
        "on_done_url": request.get_full_path(),
    }
    return place.show(request, "upload.html", context)


def _media(request: HttpRequest, place: Place) -> tuple[int, str]:
    """Return (media id, file name) of the upload that was just finished.

    :raises DomainError: ``upload`` when it is not this person's; refusals of the uploads
    """
    try:
        which = UUID(request.POST.get("upload", ""))
    except ValueError as error:
        raise DomainError("upload", _("没有收到上传的文件，请重新选择文件。")) from error
    found = uploads.require_ready(which, kinds=KINDS)
    mine = found.provider_schema == place.writer.provider_schema
    if not mine or (not place.is_enterprise and found.owner_id != place.writer.credential_id):
        raise DomainError("upload", _("没有找到上传的文件，请重新选择文件。"), status=404)
    family = found.content_type.partition("/")[0]
    kind = family.upper() if family in {"video", "audio"} else "DOCUMENT"
    return catalogue.add_media(upload=which, kind=kind, owner_id=found.owner_id, at=clock.now()), found.file_name


def _leave(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    target = place.url("version", version_id)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


@require_GET
def state(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Answer with how far a lesson's media are, and with the gaps once they are done."""
    return _state(request, place, lesson_id)


def _state(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    context = editor_context(place, authoring.version_of_lesson(lesson_id))
    lesson = next(line for line in context["editor"].lessons if line.id == lesson_id)
    return place.show(request, "_state.html", {**context, "lesson": lesson, "with_gaps": not lesson.is_waiting})


@require_POST
def retry(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Make a lesson's media once more after a failure."""
    context = editor_context(place, authoring.version_of_lesson(lesson_id))
    if not context["editor"].may_edit:
        raise DomainError("frozen", _("这一版已提交，内容不能再改。需要修改时，请新建一个版本。"), status=409)
    lesson = next(line for line in context["editor"].lessons if line.id == lesson_id)
    catalogue.retry_media(lesson.media_id, at=clock.now())
    return _state(request, place, lesson_id)
