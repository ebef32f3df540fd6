"""Reads of the subtitles. Run on the platform or within an enterprise, which sees tracks of versions visible to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.subtitles.cues import Cue
from public.subtitles.finding import find
from public.subtitles.models import LANGUAGE, Source, SubtitleTrack, TrackRevision
from public.subtitles.rules import Problem, check


@dataclass(frozen=True, slots=True)
class TrackView:
    """The present state of a track; ``edited_by`` is empty where it was made with the film."""

    media_id: int
    cues: list[Cue]
    revision: int
    source: str
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One line of a track's history."""

    number: int
    source: str
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a lesson where the words are said."""

    courseware: int
    lesson_no: int
    lesson_title: str
    at_ms: int
    snippet: str


def view_of(row: SubtitleTrack) -> TrackView:
    """Return a track's row as others see it."""
    cues = [Cue(**cue) for cue in row.cues]
    return TrackView(row.media_id, cues, row.revision, row.source, row.edited_by, row.edited_at)


def tracks_of(media_ids: Iterable[int]) -> dict[int, TrackView]:
    """Return the simplified Chinese tracks of several films by media id, in one query."""
    rows = SubtitleTrack.objects.filter(media_id__in=list(media_ids), language=LANGUAGE)
    return {row.media_id: view_of(row) for row in rows}


def track_of(media_id: int) -> TrackView | None:
    """Return the simplified Chinese track of one film, or None where there is none (or none for this enterprise)."""
    return tracks_of([media_id]).get(media_id)


def problems(media_id: int) -> list[Problem]:
    """Return what is wrong with a film's track, errors first; without a track a single error.

    :raises DomainError: ``not_found``
    """
    film = catalogue.footage(media_id)
    track = track_of(media_id)
    if track is None:
        return [Problem("missing", "error", 0, 0, _("还没有中文字幕"), _("导入字幕文件，或在线编写"))]
    return check(track.cues, film.duration_ms, film.silences)


def history(media_id: int) -> list[RevisionLine]:
    """Return every state a track was saved in, newest first."""
    rows = TrackRevision.objects.filter(track__media_id=media_id, track__language=LANGUAGE).order_by("-number")
    lines = rows.values_list("number", "source", "edited_by", "edited_at")
    return [RevisionLine(number, str(Source(source).label), by, at) for number, source, by, at in lines]


def revision_cues(media_id: int, number: int) -> list[Cue]:
    """Return the cues of one saved state.

    :raises DomainError: ``not_found``
    """
    row = TrackRevision.objects.filter(track__media_id=media_id, track__language=LANGUAGE, number=number).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个历史版本，请刷新页面后再选。"), status=404)
    return [Cue(**cue) for cue in row.cues]


def search(version_id: int, text: str) -> list[Hit]:
    """Return where ``text`` is said in a version's lessons, in playing order, at most 20 places a lesson."""
    shown = catalogue.showings(version_ids=[version_id])
    tracks = tracks_of(lesson.footage.id for lesson in shown)
    return [
        Hit(lesson.lesson_id, lesson.no, lesson.title, spot.at_ms, spot.snippet)
        for lesson in shown
        if (track := tracks.get(lesson.footage.id))
        for spot in find(track.cues, text)
    ]


def text_of(version_id: int) -> str:
    """Return everything that is said in a version's lessons, a line for each cue; for full-text search."""
    media = [lesson.footage.id for lesson in catalogue.showings(version_ids=[version_id])]
    rows = dict(SubtitleTrack.objects.filter(media_id__in=media, language=LANGUAGE).values_list("media_id", "text"))
    return "\n".join(rows[one] for one in dict.fromkeys(media) if rows.get(one))
