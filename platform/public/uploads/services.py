"""Writes: begin, take parts, complete, abort. Checking a whole file is in `checking`."""

from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from infra.kit import origin
from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS, PLAIN
from public.audit import api as audit
from public.uploads import rules
from public.uploads.models import Upload, UploadPart
from public.uploads.queries import UploadView, not_found, view_of
from public.uploads.stores import FolderStore, store, wrong_part_size
from tenants.headers import on_platform
from tenants.scope import platform_scope

_NAME = 255
OPEN = Upload.State.OPEN
_FILER = "filer"
"""How the log calls whoever complains."""


def begin(
    *,
    owner_id: int,
    provider_schema: str,
    purpose: str,
    file_name: str,
    size: int,
    at: datetime,
    fingerprint: str = "",
    day_bytes: int = rules.DAY_BYTES,
) -> UploadView:
    """Open an upload, or return the open one of the same file, so that a reloaded page goes on where it was.

    :param purpose: a key of `rules.PURPOSES`
    :param day_bytes: what this person may send in 24 hours
    :param fingerprint: the browser's mark of the file (name, size, time of change), at most 64 characters
    :raises DomainError: ``unknown_purpose``, ``empty_file``, ``too_large``, ``too_many_uploads``, ``too_much_today``, ``no_space``
    """
    wanted = rules.PURPOSES.get(purpose)
    if wanted is None:
        raise DomainError("unknown_purpose", _("不能为这个用途上传文件，请从对应页面重新选择。"), status=422)
    _check_size(size, wanted)
    mark = {
        "owner_id": owner_id,
        "provider_schema": provider_schema,
        "purpose": purpose,
        "size": size,
        "fingerprint": fingerprint[:64],
    }
    return view_of(_same(mark) or _open(mark, _clean(file_name), at, day_bytes))


def _check_size(size: int, wanted: rules.Purpose) -> None:
    if size <= 0:
        raise DomainError("empty_file", _("文件是空的（0 字节），请检查后重新选择。"), status=422)
    if size > wanted.most:
        message = _("文件有 %(size)s，这里最大 %(most)s。请压缩或拆分后再上传。")
        sizes = {"size": rules.size_text(size), "most": rules.size_text(wanted.most)}
        raise DomainError("too_large", message % sizes, status=413, most_bytes=wanted.most)


def _same(mark: dict[str, Any]) -> Upload | None:
    """Return the upload of the same file that is still under way, also one that only waits for its check."""
    if not mark["fingerprint"]:
        return None
    return Upload.objects.filter(**mark, state__in=(OPEN, Upload.State.CHECKING)).order_by("-pk").first()


def _open(mark: dict[str, Any], file_name: str, at: datetime, day_bytes: int) -> Upload:
    try:
        with transaction.atomic():
            _check_share(mark["owner_id"], mark["provider_schema"], mark["size"], at, day_bytes)
            row = Upload.objects.create(**mark, file_name=file_name, part_size=rules.PART_SIZE, created_at=at, touched_at=at)
            row.remote = store().begin(row)
            row.save(update_fields=["remote"])
    except IntegrityError:  # two tabs began the same file at once: both go on with one
        return Upload.objects.get(**mark, state=OPEN)
    return row


def _check_share(owner_id: int, provider_schema: str, size: int, at: datetime, day_bytes: int) -> None:
    mine = Upload.objects.filter(owner_id=owner_id, provider_schema=provider_schema)
    now = mine.filter(state=OPEN).aggregate(bytes=Sum("size"), count=Count("id"))
    if (now["bytes"] or 0) + size > rules.OPEN_BYTES or now["count"] >= rules.OPEN_UPLOADS:
        message = _("您还有 %(count)s 个文件没有传完。请先传完或取消它们，再上传新文件。")
        raise DomainError("too_many_uploads", message % {"count": now["count"]}, status=429)
    today = mine.filter(created_at__gt=at - timedelta(days=1)).aggregate(bytes=Sum("size"))["bytes"] or 0
    if today + size > day_bytes:
        message = _("您在 24 小时内上传的文件已达 %(most)s。请明天再传，或联系平台运营。")
        raise DomainError("too_much_today", message % {"most": rules.size_text(day_bytes)}, status=429)


def _clean(file_name: str) -> str:
    """Return the last piece of ``file_name`` without control signs; only ever shown, never used as a path."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable()).strip()
    return kept[-_NAME:] or "file"


def sign_part(*, upload: UUID, number: int) -> str:
    """Return the object store's address for one part; empty when our own address takes it.

    :raises DomainError: ``not_found``, ``closed``, ``no_such_part``
    """
    row = _row(upload)
    _refuse_closed(row)
    _expected(row, number)
    return store().link(row, number)


def accept_part(*, upload: UUID, number: int, body: IO[bytes], declared: int | None, at: datetime) -> str:
    """Take one part into our own store and return its mark (ETag). The same part may come again while the upload is open.

    The bytes are written beside the part's place and move there under a lock only if the upload is still open: what was
    checked can never change afterwards.

    :param declared: the Content-Length, None for a body without one
    :raises DomainError: ``not_found``, ``closed``, ``no_such_part``, ``wrong_part_size``, ``elsewhere`` (object store)
    """
    row = _row(upload)
    _refuse_closed(row)
    length = _expected(row, number)
    if declared is not None and declared != length:
        raise wrong_part_size(length)
    folder = store()
    if not isinstance(folder, FolderStore):
        raise DomainError("elsewhere", _("请重新打开页面后续传。"), status=409)
    received, etag = folder.receive(row, number, body, length)
    try:
        with transaction.atomic():
            _refuse_closed(_row(upload, hold=True))
            UploadPart.objects.update_or_create(upload=row, number=number, defaults={"size": length, "etag": etag, "at": at})
            Upload.objects.filter(pk=row.pk).update(touched_at=at)
            folder.keep(row, number, received)
    finally:
        received.unlink(missing_ok=True)
    return etag


def complete(*, upload: UUID, at: datetime) -> UploadView:
    """Close an upload whose parts are all there and have it checked. Asked twice, even at the same moment, it happens once.

    :raises DomainError: ``not_found``; ``incomplete`` with the numbers that are ``missing``
    """
    with transaction.atomic():
        row = _row(upload, hold=True)
        if row.state == OPEN:
            _refuse_incomplete(row)
            row.state, row.touched_at = Upload.State.CHECKING, at
            row.save(update_fields=["state", "touched_at"])
            _note(row, at)
            transaction.on_commit(lambda: ask_to_check(row.uuid))
    return view_of(row)


def _note(row: Upload, at: datetime) -> None:
    """Write down that a file came in (clause 五.4); never its name.

    Whoever complains owns it by a number below zero: that stands in the platform's log, without the person, for no enterprise may know of it.
    """
    if row.owner_id < 0:
        with platform_scope():
            audit.exchanged("file.received", audit.Direction.IN, actor=_FILER, target=f"upload:{row.uuid}", at=at, party=_FILER,
                            what=row.purpose, size=row.size, label=PERSONS.code)  # fmt: skip
        return
    here = origin.current()
    who = (here.who if here else "") or f"credential:{row.owner_id}"
    audit.exchanged("file.received", audit.Direction.IN, actor=who, target=f"upload:{row.uuid}", at=at, party=who, what=row.purpose,
                    size=row.size, label=PLAIN.code, schema_name=row.provider_schema or "public")  # fmt: skip


def ask_to_check(upload: UUID) -> None:
    """Send the task that checks a whole file."""
    from public.uploads.tasks import check_upload

    check_upload.apply_async(kwargs={"upload": str(upload)}, **on_platform())


def _refuse_incomplete(row: Upload) -> None:
    have = {part.number: part.size for part in store().parts(row)}
    wanted = range(1, rules.part_count(row.size, row.part_size) + 1)
    missing = [number for number in wanted if have.get(number) != rules.part_length(number, row.size, row.part_size)]
    if missing or len(have) != len(wanted):
        message = _("文件还没有传完（缺 %(count)s 段），请点“继续”传完剩余部分。")
        raise DomainError("incomplete", message % {"count": len(missing)}, status=409, missing=missing[:100])


def abort(*, upload: UUID) -> None:
    """Cancel an open upload: its parts and its row go away. A finished one is left alone.

    :raises DomainError: ``not_found``, ``closed``
    """
    with transaction.atomic():
        row = _row(upload, hold=True)
        _refuse_closed(row)
        store().drop(row)
        row.delete()


def _row(upload: UUID, *, hold: bool = False) -> Upload:
    rows = Upload.objects.select_for_update() if hold else Upload.objects.all()
    row = rows.filter(uuid=upload).first()
    if row is None:
        raise not_found()
    return row


def _refuse_closed(row: Upload) -> None:
    if row.state != OPEN:
        raise DomainError("closed", _("这个文件已经传完，不能再改。需要更换时请重新上传。"), status=409, state=row.state)


def _expected(row: Upload, number: int) -> int:
    length = rules.part_length(number, row.size, row.part_size)
    if not length:
        raise DomainError("no_such_part", _("分段编号不对，请重新选择文件后续传。"), status=422)
    return length
