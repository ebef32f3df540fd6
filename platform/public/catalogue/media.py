"""Films: where their files are, who gets a key, how one is made."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from infra.kit import crypto
from infra.kit.errors import DomainError
from public.catalogue.models import Courseware, MediaAsset, Question
from public.catalogue.ports import STUDIO, Film
from public.catalogue.queries import not_found
from public.catalogue.seed import course_text

_KEY_BYTES = 16
media_ready = Signal()
"""Sent after commit when a film became playable. Arguments: ``version_ids`` (list). Receivers may run twice."""


@dataclass(frozen=True, slots=True)
class Playback:
    """What a player needs: ``package`` is ``{"init", "segments": [{"file", "duration_ms", "key_no", "iv"}]}``."""

    media: UUID
    duration_ms: int
    package: dict[str, Any]
    has_subtitles: bool = True


def storage_name(media: UUID, file_name: str) -> str:
    """Return the name of one of a film's files in the object store; films are the platform's, whoever watches."""
    return f"platform/media/{media}/{file_name}"


def _ready(media: UUID) -> MediaAsset:
    row = MediaAsset.objects.filter(uuid=media, state=MediaAsset.State.READY).first()
    if row is None:
        raise not_found(_("视频"))
    return row


def playback(media: UUID) -> Playback:
    """Return the description of a playable film.

    :raises DomainError: ``not_found``, also while it is still made
    """
    row = _ready(media)
    return Playback(row.uuid, row.duration_ms or 0, row.package or {})


def media_key(media: UUID, key_no: int) -> bytes:
    """Return one 16-byte AES key.

    :raises DomainError: ``not_found``
    """
    row = _ready(media)
    keys = crypto.unseal(
        bytes(row.keys_sealed or b""), secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{media}"
    )
    key = keys[key_no * _KEY_BYTES : (key_no + 1) * _KEY_BYTES] if key_no >= 0 else b""
    if len(key) != _KEY_BYTES:
        raise not_found(_("视频密钥"))
    return key


def open_media(media: UUID, file_name: str) -> IO[bytes]:
    """Open one file of a film: a segment, the init file, ``subtitles.vtt`` or ``poster.jpg``.

    :raises DomainError: ``not_found`` for any other name
    """
    package = _ready(media).package or {}
    allowed = {package.get("init"), "subtitles.vtt", "poster.jpg", *(s["file"] for s in package.get("segments", ()))}
    if file_name not in allowed:
        raise not_found(_("文件"))
    try:
        return default_storage.open(storage_name(media, file_name))
    except FileNotFoundError as error:
        raise not_found(_("文件")) from error


def make(media_id: int, *, now: Callable[[], datetime]) -> None:
    """Make one film and publish it to storage. Safe to repeat: a finished film is left alone, a torn one is made anew.

    Progress is written to the row at each full 5 %; a refusal is kept in ``error`` where people see it.
    """
    row = MediaAsset.objects.get(pk=media_id)
    if row.state == MediaAsset.State.READY:
        return
    course = course_text(row.source["course"])
    topics = course["quiz"]["question_topics"]
    bank = Question.objects.all() if row.source.get("full_hour") else Question.objects.filter(topic__in=topics)
    folder = Path(tempfile.mkdtemp(prefix="anxue-media-"))
    try:
        film = STUDIO.get().make(
            course=course,
            lesson_no=row.source["lesson_no"],
            questions=[_as_text(question) for question in bank.order_by("code")],
            full_hour=bool(row.source.get("full_hour")),
            folder=folder,
            progress=_Meter(row, now),
        )
        _store(row, film)
        _finish(row, film, at=now())
    except DomainError as refusal:
        MediaAsset.objects.filter(pk=media_id).update(
            state=MediaAsset.State.FAILED, error=str(refusal.message)[:300], updated_at=now()
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_text(question: Question) -> dict[str, Any]:
    return {
        "id": question.code,
        "type": "true_false" if question.kind == Question.Kind.JUDGE else question.kind,
        "topic": question.topic,
        "stem": question.stem,
        "options": question.options,
        "answer": question.answer,
        "explanation": question.explanation,
        "basis": question.basis,
    }


class _Meter:
    """Writes progress to the row, at most once per 5 %."""

    def __init__(self, row: MediaAsset, now: Callable[[], datetime]) -> None:
        self.row, self.now, self.shown = row, now, -5

    def __call__(self, percent: int) -> None:
        if percent - self.shown < 5:
            return
        self.shown = percent
        state = MediaAsset.State.PROCESSING
        MediaAsset.objects.filter(pk=self.row.pk).update(progress=min(percent, 99), state=state, updated_at=self.now())


def _store(row: MediaAsset, film: Film) -> None:
    for path in film.files:
        name = storage_name(row.uuid, path.name)
        if default_storage.exists(name):
            default_storage.delete(name)
        with path.open("rb") as handle:
            default_storage.save(name, File(handle))


def _finish(row: MediaAsset, film: Film, *, at: datetime) -> None:
    sealed = crypto.seal(b"".join(film.keys), secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{row.uuid}")
    with transaction.atomic():
        MediaAsset.objects.filter(pk=row.pk).update(
            state=MediaAsset.State.READY,
            progress=100,
            duration_ms=film.duration_ms,
            package=film.package,
            keys_sealed=sealed,
            error="",
            updated_at=at,
        )
        versions = list(Courseware.objects.filter(media=row).values_list("version_id", flat=True))
        transaction.on_commit(lambda: media_ready.send(sender=MediaAsset, version_ids=versions))
