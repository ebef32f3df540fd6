"""How an asset is made: one job at a time for each, progress told by stage, a reason kept when it fails."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.media import media_ready, storage_name
from public.catalogue.media_copying import COPY_OF, copied
from public.catalogue.models import Courseware, MediaAsset
from public.catalogue.ports import PIPELINE, STUDIO, Film
from public.catalogue.seed import course_text
from public.catalogue.workroom import workroom
from public.questions import api as questions
from public.uploads import api as uploads
from tenants import keys

MOST_ATTEMPTS = 3
"""How often a job may break off without a word (a killed worker) before it counts as failed."""
SILENT = timedelta(minutes=5)
_LOCKS = 0x6D656469
_EVERY_S, _EVERY_PERCENT = 15.0, 3
_SPOKEN = ("topic", "stem", "options", "answer", "explanation", "basis")
State, Stage = MediaAsset.State, MediaAsset.Stage


def make(media_id: int, *, now: Callable[[], datetime]) -> None:
    """Make one asset and publish it to storage. Safe to repeat: a finished one is left alone, a torn one is made anew, and
    while somebody makes it nobody else does.

    Stage and progress are written to the row; a refusal is kept in ``error`` where people see it.
    """
    with alone(media_id) as is_mine:
        row = _claim(media_id, now()) if is_mine else None
        if row is None:
            return
        try:
            with workroom(str(row.uuid)) as folder:
                meter = _Meter(row, now)
                film = _film(row, folder, meter)
                meter(Stage.STORE, 99)
                _store(row, film)
                _finish(row, film, at=now())
        except DomainError as refusal:
            _fail(media_id, str(refusal.message), at=now())


@contextmanager
def alone(media_id: int) -> Iterator[bool]:
    """Hold the asset's lock for the block. It belongs to the database session: a worker that dies lets go at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, media_id])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, media_id])


@transaction.atomic
def _claim(media_id: int, at: datetime) -> MediaAsset | None:
    """Mark the asset as being made and return it; None when there is nothing to do."""
    row = MediaAsset.objects.select_for_update().get(pk=media_id)
    if row.state == State.READY or (row.state == State.FAILED and row.upload):
        return None
    if row.attempts >= MOST_ATTEMPTS and row.state == State.PROCESSING:
        _fail(media_id, str(_("制作多次意外中断，文件可能有问题。请更换文件，或稍后重试。")), at=at)
        return None
    row.attempts = row.attempts + 1 if row.state == State.PROCESSING else 1
    row.state, row.progress, row.stage, row.error, row.updated_at = State.PROCESSING, 0, "", "", at
    row.save(update_fields=["state", "progress", "stage", "error", "attempts", "updated_at"])
    return row


def _fail(media_id: int, error: str, *, at: datetime) -> None:
    MediaAsset.objects.filter(pk=media_id).update(state=State.FAILED, error=error[:300], updated_at=at)


class _Meter:
    """Writes stage and progress to the row: at a new stage, each 3 %, and every 15 s as a sign of life."""

    def __init__(self, row: MediaAsset, now: Callable[[], datetime]) -> None:
        self.row, self.now = row, now
        self.stage, self.shown, self.written = "", 0, 0.0

    def __call__(self, stage: str, percent: int) -> None:
        is_news = stage != self.stage or percent - self.shown >= _EVERY_PERCENT
        if not is_news and time.monotonic() - self.written < _EVERY_S:
            return
        self.stage, self.shown, self.written = stage, max(percent, self.shown), time.monotonic()
        MediaAsset.objects.filter(pk=self.row.pk).update(
            progress=min(self.shown, 99), stage=stage, state=State.PROCESSING, updated_at=self.now()
        )


def _film(row: MediaAsset, folder: Path, meter: _Meter) -> Film:
    if COPY_OF in row.source:
        return copied(row, meter)
    return _from_upload(row, folder, meter) if row.upload else _from_words(row, folder, meter)


def _from_upload(row: MediaAsset, folder: Path, meter: _Meter) -> Film:
    """Make an asset from what somebody uploaded."""
    assert row.upload is not None  # noqa: S101 - asked before
    meter(Stage.FETCH, 0)
    found = uploads.require_ready(row.upload, kinds=("video", "audio", "document"))
    with uploads.local_upload(row.upload) as source:
        return PIPELINE.get().prepare(
            kind=row.kind, content_type=found.content_type, source=source, folder=folder / "made", told=meter
        )


def _from_words(row: MediaAsset, folder: Path, meter: _Meter) -> Film:
    """Make a narrated film from a course's own words."""
    course = course_text(row.source["course"])
    topics = course["quiz"]["question_topics"]
    bank = questions.published(topics=None if row.source.get("full_hour") else topics)
    return STUDIO.get().make(
        course=course,
        lesson_no=row.source["lesson_no"],
        questions=[_as_text(question) for question in bank],
        full_hour=bool(row.source.get("full_hour")),
        folder=folder,
        progress=lambda percent: meter(Stage.ENCODE, percent),
    )


def _as_text(question: questions.Item) -> dict[str, Any]:
    kind = {"judge": "true_false"}.get(question["kind"], question["kind"])
    return {"id": question["code"], "type": kind, **{key: question[key] for key in _SPOKEN}}


def _store(row: MediaAsset, film: Film) -> None:
    for path in film.files:
        name = storage_name(row.uuid, path.name)
        if default_storage.exists(name):
            default_storage.delete(name)
        with path.open("rb") as handle:
            default_storage.save(name, File(handle))


def _finish(row: MediaAsset, film: Film, *, at: datetime) -> None:
    sealed = keys.seal(b"".join(film.keys), purpose=f"media/{row.uuid}")
    with transaction.atomic():
        MediaAsset.objects.filter(pk=row.pk).update(
            state=State.READY,
            progress=100,
            stage="",
            duration_ms=film.duration_ms,
            package=film.package,
            keys_sealed=sealed,
            error="",
            attempts=0,
            updated_at=at,
        )
        versions = list(Courseware.objects.filter(media=row).values_list("version_id", flat=True))
        transaction.on_commit(lambda: media_ready.send(sender=MediaAsset, media_id=row.pk, version_ids=versions))


def revive(*, at: datetime, ring: Callable[[int], None], silent: timedelta = SILENT) -> int:
    """Ring again for jobs that fell silent (their worker died) and for those whose bell was lost; return how many.

    :param silent: how long a job under way may say nothing before it counts as dead

    A job that is still under way holds its lock, so ringing once too often does no harm.
    """
    dead = MediaAsset.objects.filter(state=State.PROCESSING, updated_at__lt=at - silent)
    asked_for = Q(upload__isnull=False) | Q(source__has_key=COPY_OF)
    lost = MediaAsset.objects.filter(asked_for, state=State.QUEUED, updated_at__lt=at - timedelta(hours=1))
    found = list((dead | lost).values_list("pk", flat=True)[:50])
    MediaAsset.objects.filter(pk__in=found).update(updated_at=at)
    for media_id in found:
        ring(media_id)
    return len(found)
