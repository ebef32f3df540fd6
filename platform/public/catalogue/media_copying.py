"""A copy of an asset under a uuid of its own, so that what belongs to it may change while the original stands."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.media import KEY_BYTES, file_names, storage_name
from public.catalogue.models import MediaAsset
from public.catalogue.ports import Film, Told
from public.catalogue.signals import media_copied
from tenants import keys

COPY_OF = "copy_of"
"""What a copy's ``source`` names its original's id by."""
_MAY_LACK = ("subtitles.vtt", "poster.jpg")


def copy_asset(origin: MediaAsset, *, owner_id: int, at: datetime) -> MediaAsset:
    """Write the row of a copy within the caller's transaction and have its files copied after commit.

    :raises DomainError: ``not_ready`` while the original is not playable
    """
    if origin.state != MediaAsset.State.READY:
        raise DomainError("not_ready", _("这部影片还没有制作完成，请等它可播放后再复制。"), status=409, state=origin.state)
    kept = {name: origin.source[name] for name in ("file_name",) if name in origin.source}
    row = MediaAsset.objects.create(
        kind=origin.kind, upload=origin.upload, owner_id=owner_id, source={**kept, COPY_OF: origin.pk}, updated_at=at
    )
    media_copied.send(sender=MediaAsset, from_media=origin.pk, to_media=row.pk, at=at)
    _ring(row.pk)
    return row


def _ring(media_id: int) -> None:
    from public.catalogue.tasks import ring_for_media

    transaction.on_commit(lambda: ring_for_media(media_id))


def copied(row: MediaAsset, told: Told) -> Film:
    """Copy the files of a copy's original, telling how far it is; return what the original is made of.

    A copy that broke off is made whole by another call. The original is only read.

    :raises DomainError: ``file_missing`` when a file that plays is not in storage
    """
    origin = MediaAsset.objects.get(pk=row.source[COPY_OF])
    package = origin.package or {}
    names = sorted(file_names(package))
    for done, name in enumerate(names):
        told(MediaAsset.Stage.STORE, 99 * done // len(names))
        _copy(origin, row, name)
    return Film(duration_ms=origin.duration_ms or 0, package=package, keys=tuple(_keys(origin)), files=())


def _copy(origin: MediaAsset, row: MediaAsset, name: str) -> None:
    target = storage_name(row.uuid, name)
    if default_storage.exists(target):
        default_storage.delete(target)
    try:
        with default_storage.open(storage_name(origin.uuid, name)) as file:
            default_storage.save(target, file)
    except FileNotFoundError as error:
        if name in _MAY_LACK:
            return
        message = _("原影片的文件不完整，不能复制。请用“替换文件”重新上传。")
        raise DomainError("file_missing", message, status=409, file=name) from error


def _keys(origin: MediaAsset) -> Sequence[bytes]:
    purpose = f"media/{origin.uuid}"
    plain = keys.unseal(origin.keys_sealed or b"", purpose=purpose, owner=keys.PLATFORM)
    return [plain[start : start + KEY_BYTES] for start in range(0, len(plain), KEY_BYTES)]
