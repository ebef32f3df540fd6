"""Chapters and lessons of a draft: rename, move, remove. Each answer is the outline as it is now."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from infra.kit.errors import DomainError
from public.authoring.forms import TitleForm
from public.authoring.place import Place
from public.authoring.shown import editor_context
from public.catalogue.api import authoring


def outline(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Answer with the outline and the gaps for htmx, with the whole editor for a plain form."""
    if not request.headers.get("HX-Request"):
        return place.go("version", version_id)
    return place.show(request, "_changed.html", editor_context(place, version_id))


def title_of(request: HttpRequest) -> str:
    """Return the heading that was typed.

    :raises DomainError: ``title``: none, or too long a one
    """
    form = TitleForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["title"])
    raise DomainError("title", _("标题须为 1 到 120 个字，请修改后再保存。"))


def steps_of(request: HttpRequest) -> int:
    """Return -1 for up, 1 for down.

    :raises DomainError: ``direction`` for anything else
    """
    found = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if found is None:
        raise DomainError("direction", _("请选择上移或下移。"))
    return found


def _of_chapter(act: Callable[..., None]) -> Callable[..., HttpResponse]:
    """Make a page of a change to one chapter."""

    @require_POST
    @wraps(act)
    def page(request: HttpRequest, place: Place, chapter_id: int) -> HttpResponse:
        version_id = authoring.version_of_chapter(chapter_id)
        act(request, chapter_id=chapter_id, by=place.writer)
        return outline(request, place, version_id)

    return page


def _of_lesson(act: Callable[..., None]) -> Callable[..., HttpResponse]:
    """Make a page of a change to one lesson."""

    @require_POST
    @wraps(act)
    def page(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
        version_id = authoring.version_of_lesson(lesson_id)
        act(request, lesson_id=lesson_id, by=place.writer)
        return outline(request, place, version_id)

    return page


@require_POST
def add_chapter(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Put a chapter at the end."""
    authoring.add_chapter(version_id=version_id, title=title_of(request), by=place.writer)
    return outline(request, place, version_id)


@_of_chapter
def rename_chapter(request: HttpRequest, **which: Any) -> None:
    """Give a chapter another heading."""
    authoring.rename_chapter(title=title_of(request), **which)


@_of_chapter
def move_chapter(request: HttpRequest, **which: Any) -> None:
    """Move a chapter with its lessons."""
    authoring.move_chapter(by_steps=steps_of(request), **which)


@_of_chapter
def remove_chapter(request: HttpRequest, **which: Any) -> None:
    """Take an empty chapter out."""
    authoring.remove_chapter(**which)


@_of_lesson
def rename_lesson(request: HttpRequest, **which: Any) -> None:
    """Give a lesson another title."""
    authoring.rename_lesson(title=title_of(request), **which)


@_of_lesson
def move_lesson(request: HttpRequest, **which: Any) -> None:
    """Move a lesson one place."""
    authoring.move_lesson(by_steps=steps_of(request), **which)


@_of_lesson
def remove_lesson(request: HttpRequest, **which: Any) -> None:
    """Take a lesson out."""
    authoring.remove_lesson(**which)
