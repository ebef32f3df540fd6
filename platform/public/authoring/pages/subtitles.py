"""Subtitles of a lesson as a file, for hosts without the editor on the timeline."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.authoring.place import Place
from public.catalogue.api import authoring
from public.subtitles import api as subtitles

_MOST = 2 << 20


class FileForm(forms.Form):
    """A subtitle file."""

    file = forms.FileField(label=_("字幕文件"))

    def clean_file(self) -> bytes:
        """Return the bytes.

        :raises ValidationError: past 2 MB
        """
        found = self.cleaned_data["file"]
        if found.size > _MOST:
            raise forms.ValidationError(_("字幕文件不能超过 2 MB，请确认选对了文件。"))
        return bytes(found.read())


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Show what is wrong with a lesson's subtitles; a post takes a file."""
    version_id = authoring.version_of_lesson(lesson_id)
    found = authoring.editor(version_id, by=place.writer)
    lesson = next(line for line in found.lessons if line.id == lesson_id)
    if lesson.media_id is None:
        raise DomainError("not_found", _("测验没有字幕。"), status=404)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    notes: list[str] = []
    if request.method == "POST" and form.is_valid():
        by = subtitles.Editor(place.writer.author_id, place.writer.name)
        try:
            notes = subtitles.import_track(lesson.media_id, form.cleaned_data["file"], clock.now(), by=by).notes
        except DomainError as error:
            form.add_error("file", error.message)
    context = {
        "page_title": _("字幕"),
        "editor": found,
        "lesson": lesson,
        "form": form,
        "notes": notes,
        "problems": subtitles.problems(lesson.media_id),
        "back_url": place.url("version", version_id),
    }
    return place.show(request, "subtitles.html", context, status=422 if form.errors else 200)
