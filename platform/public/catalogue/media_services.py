"""Assets from uploads: adding, trying again, and what people see of one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.models import MediaAsset
from public.catalogue.queries import not_found
from public.uploads import api as uploads

State = MediaAsset.State
_UPLOADS = {"VIDEO": "video", "AUDIO": "audio", "DOCUMENT": "document"}


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of a document: number from 1, picture file, pixels, text, least reading time in ms."""

    no: int
    file: str
    width: int
    height: int
    text: str
    least_ms: int


@dataclass(frozen=True, slots=True)
class MediaView:
    """What a desk shows of one asset. ``stage`` is in words; ``renditions`` are names such as 1080p; ``warnings`` sentences."""

    id: int
    uuid: UUID
    kind: str
    kind_name: str
    title: str
    state: str
    progress: int
    stage: str
    error: str
    duration_ms: int | None
    may_retry: bool
    owner_id: int | None
    upload: UUID | None
    poster: str
    sprite: str
    updated_at: datetime
    pages: tuple[PageView, ...] = ()
    renditions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def is_working(self) -> bool:
        """Whether something will still change by itself."""
        return self.state in {State.QUEUED, State.PROCESSING}


@transaction.atomic
def add_media(*, upload: UUID, kind: str, owner_id: int, at: datetime) -> int:
    """Write an asset from a READY upload of the same person and have it made.

    :param kind: VIDEO, AUDIO or DOCUMENT
    :returns: the asset's id
    :raises DomainError: ``not_found`` (also somebody else's upload), ``not_ready``, ``wrong_kind``
    """
    wanted = _UPLOADS.get(kind)
    if wanted is None:
        raise DomainError("wrong_kind", _("课件只能是视频、音频或文档，请重新选择。"), status=422)
    found = uploads.require_ready(upload, kinds=(wanted,))
    if not found.provider_schema and found.owner_id != owner_id:  # an enterprise's rows are guarded by the database
        raise not_found(_("上传的文件"))
    row = MediaAsset.objects.create(
        kind=kind, upload=upload, owner_id=owner_id, source={"file_name": found.file_name}, updated_at=at
    )
    _ring(row.pk)
    return row.pk


@transaction.atomic
def retry_media(media_id: int, *, at: datetime) -> None:
    """Make a failed asset once more from the beginning.

    :raises DomainError: ``not_found``; ``wrong_state`` unless it failed
    """
    row = MediaAsset.objects.select_for_update().filter(pk=media_id).first()
    if row is None:
        raise not_found(_("媒体"))
    if row.state != State.FAILED:
        raise DomainError("wrong_state", _("只有制作失败的媒体可以重试，请刷新页面查看最新状态。"), status=409, state=row.state)
    row.state, row.progress, row.stage, row.error, row.attempts, row.updated_at = State.QUEUED, 0, "", "", 0, at
    row.save(update_fields=["state", "progress", "stage", "error", "attempts", "updated_at"])
    _ring(row.pk)


def _ring(media_id: int) -> None:
    from public.catalogue.tasks import ring_for_media

    transaction.on_commit(lambda: ring_for_media(media_id))


def media_detail(media_id: int) -> MediaView:
    """Return one asset in whatever state.

    :raises DomainError: ``not_found``
    """
    row = MediaAsset.objects.filter(pk=media_id).first()
    if row is None:
        raise not_found(_("媒体"))
    return _view(row)


def _view(row: MediaAsset) -> MediaView:
    package = row.package or {}
    pages = [PageView(no, *(page[key] for key in _PAGE)) for no, page in enumerate(package.get("pages", ()), 1)]
    return MediaView(
        id=row.pk,
        uuid=row.uuid,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        title=row.source.get("file_name") or f"{row.get_kind_display()} {row.pk}",
        state=row.state,
        progress=row.progress,
        stage=str(row.get_stage_display() if row.stage else row.get_state_display()),
        error=row.error,
        duration_ms=row.duration_ms,
        may_retry=row.state == State.FAILED,
        owner_id=row.owner_id,
        upload=row.upload,
        poster=package.get("poster", "poster.jpg" if row.kind == MediaAsset.Kind.VIDEO and row.state == State.READY else ""),
        sprite=package.get("sprite", {}).get("file", ""),
        updated_at=row.updated_at,
        pages=tuple(pages),
        renditions=tuple(step["name"] for step in package.get("renditions", ())),
        warnings=tuple(warning_text(warning) for warning in package.get("warnings", ())),
    )


_PAGE = ("file", "width", "height", "text", "least_ms")


def warning_text(warning: dict[str, Any]) -> str:
    """Return the sentence for one thing that a person should look at."""
    if warning["code"] == "silence":
        seconds = (warning["to_ms"] - warning["from_ms"]) // 1000
        where = f"{warning['from_ms'] // 60_000:02}:{warning['from_ms'] // 1000 % 60:02}"
        return str(_("从 %(where)s 起有 %(n)s 秒没有声音，请确认不是漏录。") % {"where": where, "n": seconds})
    known = {
        "silent": _("整个文件没有声音（音轨是静音），请确认是否漏录。"),
        "no_sound": _("文件没有音轨，请确认是否漏录。"),
        "no_text": _("文档页面都是图片，没有可检索的文字，每页按最短时间计。"),
    }
    return str(known.get(warning["code"], warning["code"]))
