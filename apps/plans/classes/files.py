"""Files of classes and trainers: judged by what they are, sealed for the enterprise, given out to whoever may see them."""

import hashlib
import tempfile
from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePath
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.plans.classes.models import ClassFile, ClassTrainer, OfflineClass
from infra.kit.errors import DomainError
from public.uploads.ports import INSPECTOR, SCANNER
from tenants import keys, storage

MOST_BYTES = 9_000_000
"""Below the 10 MB that one request may bring."""
MOST_FILES = 60
ACCEPT = ".pdf,.pptx,.jpg,.jpeg,.png,.webp"
_PURPOSE = "class-file"
_KINDS: dict[str, Collection[str]] = {
    ClassFile.Kind.PHOTO: {"image"},
    ClassFile.Kind.SHEET: {"image", "document"},
    ClassFile.Kind.MATERIAL: {"image", "document"},
    ClassFile.Kind.OTHER: {"image", "document"},
    ClassFile.Kind.CERTIFICATE: {"image", "document"},
}


@transaction.atomic
def attach(*, owner: OfflineClass | ClassTrainer, kind: str, data: bytes, file_name: str, by: int, at: datetime) -> ClassFile:
    """Keep a file with a class or a trainer; the same file again is the same row.

    :raises DomainError: ``file_kind``, ``too_large``, ``too_many_files``, ``virus``, what the inspector says of hostile or
        broken files; 409 ``class_cancelled``
    """
    if kind not in _KINDS or (kind == ClassFile.Kind.CERTIFICATE) != isinstance(owner, ClassTrainer):
        raise DomainError("file_kind", _("请选择附件的类别。"), field="kind")
    if isinstance(owner, OfflineClass) and owner.state == OfflineClass.State.CANCELLED:
        raise DomainError("class_cancelled", _("这节课已取消，不能再上传附件。"), status=409)
    if len(data) > MOST_BYTES:
        raise DomainError("too_large", _("单个文件不能超过 9 MB，请压缩图片或分成几个文件。"), field="file")
    known = of(owner).filter(sha256=(digest := hashlib.sha256(data).hexdigest()), kind=kind).first()
    if known is not None:
        return known
    if of(owner).count() >= MOST_FILES:
        raise DomainError("too_many_files", _("附件已有 %(most)s 个，请先移除不需要的。") % {"most": MOST_FILES}, field="file")
    row = ClassFile(
        kind=kind, file_name=_name(file_name), content_type=_type(data, kind, file_name), size=len(data), sha256=digest,
        by_id=by, at=at,
    )  # fmt: skip
    if isinstance(owner, OfflineClass):
        row.klass = owner
    else:
        row.trainer = owner
    row.storage_key = default_storage.save(storage.key(f"classes/{uuid4()}"), ContentFile(_seal(data)))
    row.save()
    return row


def of(owner: OfflineClass | ClassTrainer) -> QuerySet[ClassFile]:
    """Return the files that a class or a trainer has now, oldest first."""
    return owner.files.filter(archived_at=None).select_related("by").order_by("at", "id")


def file_of(owner: OfflineClass | ClassTrainer, uuid: UUID) -> ClassFile:
    """Return one file of a class or a trainer.

    :raises DomainError: 404 ``not_found``, also for another one's
    """
    row = of(owner).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个附件，可能已被移除。"), status=404)
    return row


def content(row: ClassFile) -> bytes:
    """Return a file's bytes.

    :raises DomainError: 404 ``not_found`` where the object store has lost it
    :raises SealBroken: it was altered
    """
    if not default_storage.exists(row.storage_key):
        raise DomainError("not_found", _("附件的内容已不存在，请重新上传。"), status=404)
    return opened(row.storage_key)


def opened(name: str) -> bytes:
    """Return the bytes of the file of that storage name.

    :raises FileNotFoundError: the store has lost it
    :raises SealBroken: it was altered
    """
    with default_storage.open(name) as file:
        return keys.unseal(file.read(), purpose=_PURPOSE)


@transaction.atomic
def remove(*, owner: OfflineClass | ClassTrainer, uuid: UUID, at: datetime) -> None:
    """Take a file off the list; it stays in the store. What belongs to a confirmed class stays on the list.

    :raises DomainError: 404 ``not_found``; 409 ``class_confirmed``
    """
    if isinstance(owner, OfflineClass) and owner.state == OfflineClass.State.CONFIRMED:
        raise DomainError("class_confirmed", _("课程已确认，附件已归入一期一档，不能移除。"), status=409)
    row = file_of(owner, uuid)
    row.archived_at = at
    row.save(update_fields=["archived_at"])


def _type(data: bytes, kind: str, file_name: str) -> str:
    if SCANNER.get().scan(BytesIO(data)).virus:
        raise DomainError("virus", _("文件含有病毒，没有保存。请检查电脑后重新选择文件。"), field="file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        return INSPECTOR.get().inspect(path, kinds=_KINDS[kind], file_name=file_name).content_type


def _name(file_name: str) -> str:
    name = "".join(c for c in PurePath(file_name.replace("\\", "/")).name if c.isprintable())
    return name[-120:] or "file"


def _seal(data: bytes) -> bytes:
    return keys.seal(data, purpose=_PURPOSE)
