"""Writing subtitles: save, import, restore an old state, take over the captions that came with a film."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.catalogue import api as catalogue
from public.catalogue.api import Footage
from public.subtitles.cues import Cue, in_order, webvtt
from public.subtitles.events import track_saved
from public.subtitles.models import LANGUAGE, Source, SubtitleTrack, TrackRevision
from public.subtitles.queries import TrackView, revision_cues, track_of, tracks_of, view_of
from public.subtitles.reading import Imported, read

log = logging.getLogger("anxue.subtitles")
DRAFT = "DRAFT"


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits: credential and name."""

    credential_id: int | None = None
    name: str = ""


@transaction.atomic
def save(
    *, media_id: int, cues: Sequence[Cue], expected_revision: int, by: Editor, at: datetime, source: str = Source.EDITOR
) -> TrackView:
    """Write a new state of a film's track, if nobody else has since the editor read it; players' captions follow.

    :param expected_revision: the revision that the editor began with; 0 where there was no track
    :raises DomainError: ``stale`` (409, with ``revision``, ``edited_by``, ``edited_at``); ``frozen`` (409: a version that is no
        draft shows the film); ``not_found``
    """
    film = catalogue.footage(media_id)
    versions = _hold_drafts(media_id)
    row = SubtitleTrack.objects.select_for_update().filter(media_id=media_id, language=LANGUAGE).first()
    if (row.revision if row else 0) != expected_revision:
        raise _stale(row)
    track = _write(row, film, cues, by=by, at=at, source=source)
    audit.record(
        "subtitles.saved",
        actor=f"operator:{by.credential_id}" if by.credential_id else "system",
        target=f"media:{media_id}",
        at=at,
        revision=track.revision,
        source=str(source),
    )
    _tell(media_id, versions)
    return view_of(track)


def import_track(media_id: int, data: bytes, at: datetime, *, by: Editor | None = None) -> Imported:
    """Read a subtitle file in whatever encoding and make it the film's track, whatever was there before (undo is in the history).

    :returns: what was read, with ``notes`` that tell the person what was changed on the way in
    :raises DomainError: those of :func:`public.subtitles.reading.read` and of :func:`save`; nothing is half saved
    """
    found = read(data)
    with transaction.atomic():
        former = track_of(media_id)
        revision = former.revision if former else 0
        editor = by or Editor()
        save(media_id=media_id, cues=found.cues, expected_revision=revision, by=editor, at=at, source=Source.IMPORT)
    return found


@transaction.atomic
def restore(*, media_id: int, number: int, expected_revision: int, by: Editor, at: datetime) -> TrackView:
    """Make an old state the present one; the states in between stay in the history.

    :raises DomainError: ``not_found``; those of :func:`save`
    """
    cues = revision_cues(media_id, number)
    return save(media_id=media_id, cues=cues, expected_revision=expected_revision, by=by, at=at, source=Source.RESTORE)


def adopt(*, at: datetime, version_ids: Iterable[int] | None = None) -> int:
    """Give every finished film without a track the captions it was made with; returns how many. Safe to repeat.

    A film that was made anew keeps the track that people edited: its captions file is written from it.
    """
    shown = catalogue.showings(version_ids=version_ids)
    films = {one.footage.id: one.footage for one in shown if one.footage.is_spoken and one.footage.is_ready}
    known = tracks_of(films)
    for media_id in known if version_ids is not None else ():
        catalogue.write_captions(films[media_id].uuid, webvtt(known[media_id].cues))
    return sum(_adopt(film, at) for media_id, film in films.items() if media_id not in known)


def _adopt(film: Footage, at: datetime) -> bool:
    captions = catalogue.read_captions(film.uuid)
    if captions is None:
        return False
    try:
        cues = read(captions).cues
    except DomainError as error:
        log.warning("captions of media %s are not readable: %s", film.id, error.code)
        return False
    with transaction.atomic():
        track, made = SubtitleTrack.objects.get_or_create(
            media_id=film.id, language=LANGUAGE, defaults=_values(cues, Editor(), at, Source.STUDIO)
        )
        if made:
            _remember(track)
            _tell(film.id, [one.version_id for one in catalogue.showings(media_id=film.id)])
    return made


@transaction.atomic
def copy_tracks(*, from_media: int, to_media: int) -> None:
    """Give a copy of a film the tracks of its original, as they are now; the history begins anew, with the same hand and time.

    The captions file follows with the film's other files and is written from the track when the film is ready (`adopt`).
    """
    for track in SubtitleTrack.objects.filter(media_id=from_media):
        track.pk, track._state.adding = None, True  # a new row with the same words
        track.media_id, track.revision = to_media, 1
        track.save(force_insert=True)
        _remember(track)


def _hold_drafts(media_id: int) -> list[int]:
    """Hold every version that shows the film, so that none is submitted meanwhile; a version past its draft is frozen."""
    versions = sorted({one.version_id for one in catalogue.showings(media_id=media_id)})
    if any(catalogue.standing(version, hold=True).state != DRAFT for version in versions):
        message = _(
            "使用这部影片的课程已提交审核或已发布，字幕随版本锁定。审核退回后可以继续修改；已发布的课程请先建立新版本，再在新版本里点“复制后修改字幕”。"
        )
        raise DomainError("frozen", message, status=409)
    return versions


def _stale(row: SubtitleTrack | None) -> DomainError:
    message = _("%(name)s刚刚保存了这份字幕，您的修改还没有保存，但都还在本页。请选择以哪一份为准。")
    name = row.edited_by if row and row.edited_by else _("系统")
    details = (
        {"revision": row.revision, "edited_by": str(name), "edited_at": row.edited_at.isoformat()} if row else {"revision": 0}
    )
    return DomainError("stale", message % {"name": name}, status=409, **details)


def _values(cues: Sequence[Cue], by: Editor, at: datetime, source: str) -> dict[str, object]:
    ordered = in_order(cues)
    return {
        "cues": [cue.as_json() for cue in ordered],
        "text": "\n".join(cue.text.replace("\n", "") for cue in ordered),
        "source": source,
        "edited_by_id": by.credential_id,
        "edited_by": by.name,
        "edited_at": at,
    }


def _write(
    row: SubtitleTrack | None, film: Footage, cues: Sequence[Cue], *, by: Editor, at: datetime, source: str
) -> SubtitleTrack:
    values = _values(cues, by, at, source)
    if row is None:
        row, made = SubtitleTrack.objects.get_or_create(media_id=film.id, language=LANGUAGE, defaults=values)
        if not made:
            raise _stale(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
        row.revision += 1
        row.save()
    _remember(row)
    # Last of all: if storage fails, the rows roll back and the person is told.
    catalogue.write_captions(film.uuid, webvtt(in_order(cues)))
    return row


def _remember(row: SubtitleTrack) -> None:
    TrackRevision.objects.create(
        track=row,
        number=row.revision,
        cues=row.cues,
        source=row.source,
        edited_by_id=row.edited_by_id,
        edited_by=row.edited_by,
        edited_at=row.edited_at,
    )


def _tell(media_id: int, versions: list[int]) -> None:
    transaction.on_commit(lambda: track_saved.send(sender=SubtitleTrack, media_id=media_id, version_ids=versions))
