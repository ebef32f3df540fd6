"""Reads of uploads."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.uploads import sealing
from public.uploads.models import Upload
from public.uploads.stores import Part, store


@dataclass(frozen=True, slots=True)
class UploadView:
    """One upload. ``state`` is OPEN, CHECKING, READY or REFUSED; ``kind`` and ``sha256`` are known once it is READY."""

    uuid: UUID
    state: str
    file_name: str
    size: int
    part_size: int
    purpose: str
    kind: str
    content_type: str
    sha256: str
    error: str
    is_scanned: bool
    owner_id: int
    provider_schema: str
    created_at: datetime


def view_of(row: Upload) -> UploadView:
    """Return what other rooms may know of a row."""
    return UploadView(
        uuid=row.uuid,
        state=row.state,
        file_name=row.file_name,
        size=row.size,
        part_size=row.part_size,
        purpose=row.purpose,
        kind=row.kind,
        content_type=row.content_type,
        sha256=row.sha256,
        error=row.error,
        is_scanned=row.is_scanned,
        owner_id=row.owner_id,
        provider_schema=row.provider_schema,
        created_at=row.created_at,
    )


def not_found() -> DomainError:
    """Return the refusal for an upload that is not there or is somebody else's."""
    return DomainError("not_found", _("没有找到这个上传文件，请重新上传。"), status=404)


def upload(uuid: UUID) -> UploadView:
    """Return one upload.

    :raises DomainError: ``not_found``
    """
    row = Upload.objects.filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    return view_of(row)


def own_upload(uuid: UUID, *, owner_id: int, provider_schema: str) -> UploadView:
    """Return an upload of one person.

    :raises DomainError: ``not_found``, also for somebody else's
    """
    found = upload(uuid)
    if (found.owner_id, found.provider_schema) != (owner_id, provider_schema):
        raise not_found()
    return found


def unfinished(*, owner_id: int, provider_schema: str, purpose: str) -> list[UploadView]:
    """Return a person's open uploads, newest first."""
    mine = Upload.objects.filter(owner_id=owner_id, provider_schema=provider_schema, purpose=purpose, state=Upload.State.OPEN)
    return [view_of(row) for row in mine.order_by("-created_at")]


def parts(uuid: UUID) -> list[Part]:
    """Return what arrived of an upload, by number.

    :raises DomainError: ``not_found``
    """
    row = Upload.objects.filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    return store().parts(row) if row.state == Upload.State.OPEN else []


def require_ready(uuid: UUID, *, kinds: Collection[str]) -> UploadView:
    """Return an upload that was checked and is one of ``kinds`` (video, audio, document, image, subtitles).

    :raises DomainError: ``not_found``; ``not_ready``; ``wrong_kind``
    """
    found = upload(uuid)
    if found.state != Upload.State.READY:
        message = found.error or _("文件还在上传或检查，请等它完成后再继续。")
        raise DomainError("not_ready", message, status=409, state=found.state)
    if found.kind not in kinds:
        raise DomainError("wrong_kind", _("这个文件的类型不适合这里，请换一个文件。"), status=422, kind=found.kind)
    return found


def open_upload(uuid: UUID) -> IO[bytes]:
    """Open a READY upload for reading, once, from its beginning.

    :raises DomainError: ``not_found``, ``not_ready``
    """
    return sealing.opened(_ready(uuid))


def local_upload(uuid: UUID) -> AbstractContextManager[Path]:
    """Give a READY upload a path on this machine for a ``with`` block.

    :raises DomainError: ``not_found``, ``not_ready``; ``no_space`` on entering
    """
    return sealing.local(_ready(uuid))


def _ready(uuid: UUID) -> Upload:
    row = Upload.objects.filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    if row.state != Upload.State.READY:
        raise DomainError("not_ready", _("文件还在上传或检查，请等它完成后再继续。"), status=409, state=row.state)
    return row
