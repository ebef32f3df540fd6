"""The gate before publish: every film and sound has Chinese subtitles without errors (clause 三.4)."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from public.catalogue import api as catalogue
from public.catalogue.api import Gap, Showing
from public.subtitles.queries import TrackView, tracks_of
from public.subtitles.rules import check


def editor_url(media_id: int) -> str:
    """Return the address of the editor on the platform's host."""
    return reverse("desk-subtitles", args=[media_id], urlconf=settings.ROOT_URLCONF)


def subtitle_gaps(version_id: int, at: datetime) -> list[Gap]:
    """Return the lessons whose subtitles are missing or have errors; a film still being made has its own gap already."""
    lessons = [one for one in catalogue.showings(version_ids=[version_id]) if one.footage.is_spoken and one.footage.is_ready]
    tracks = tracks_of(lesson.footage.id for lesson in lessons)
    return [gap for lesson in lessons if (gap := _gap(lesson, tracks.get(lesson.footage.id)))]


def _gap(lesson: Showing, track: TrackView | None) -> Gap | None:
    name = {"no": lesson.no, "title": lesson.title}
    if track is None:
        text = _("第 %(no)s 课“%(title)s”还没有中文字幕，请打开“编辑字幕”导入或编写") % name
        return Gap("subtitles_missing", text, lesson.lesson_id)
    errors = [problem for problem in check(track.cues, lesson.footage.duration_ms, lesson.footage.silences) if problem.is_error]
    if not errors:
        return None
    words = {**name, "count": len(errors), "first": errors[0].message}
    text = _("第 %(no)s 课“%(title)s”的字幕有 %(count)s 处错误（%(first)s），请打开“编辑字幕”改正") % words
    return Gap("subtitles_wrong", text, lesson.lesson_id)
