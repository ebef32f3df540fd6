"""What happens to a whole file before anybody uses it: joined, hashed, scanned, opened by the readers of its format."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.uploads import rules, sealing
from public.uploads.models import Upload
from public.uploads.ports import INSPECTOR, SCANNER, Found
from public.uploads.services import ask_to_check
from public.uploads.stores import CHUNK, store

_STUCK = timedelta(minutes=30)
_LATELY = timedelta(hours=3)
"""For so long the sweep looks whether the plain file of a sealed one has gone."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """All that a check found out."""

    found: Found
    sha256: str
    is_scanned: bool


def check(*, upload: UUID, at: datetime) -> None:
    """Check one whole file and make it READY or REFUSED; a refused file is removed. Safe to repeat and to break off.

    :raises OSError: the scanner or the store does not answer; the file stays CHECKING and is asked about again
    """
    row = Upload.objects.filter(uuid=upload).first()
    if row and row.state == Upload.State.CHECKING:
        _check(row, at)
    row = Upload.objects.filter(uuid=upload, key_sealed__isnull=False).first()
    if row:  # also where a former try broke off after the file was sealed
        _forget_plain(row)


def _check(row: Upload, at: datetime) -> None:
    try:
        store().join(row)
        with store().local(row) as path:
            _accept(row, at, path, _look(row, path))
    except DomainError as refusal:
        if refusal.status >= 500:  # our own trouble, not the file's
            raise OSError(refusal.code) from refusal
        refused = {"state": Upload.State.REFUSED, "reason": refusal.code[:40], "error": str(refusal.message)[:300]}
        # Where another check was quicker, it may have sealed the file and taken the plain one away from under this one.
        if _settle(row, at, **refused):
            store().drop(row)


def _forget_plain(row: Upload) -> None:
    try:
        sealing.forget_plain(row)
    except DomainError as trouble:  # asked again, until nothing lies in clear
        raise OSError(trouble.code) from trouble


@transaction.atomic
def _accept(row: Upload, at: datetime, path: Path, done: _Checked) -> None:
    """Make it READY, sealed where its purpose asks for it; under the row's lock, so that of two checks one key and one file stay."""
    if not Upload.objects.select_for_update().filter(pk=row.pk, state=Upload.State.CHECKING).exists():
        return
    _settle(
        row,
        at,
        state=Upload.State.READY,
        kind=done.found.kind,
        content_type=done.found.content_type,
        sha256=done.sha256,
        is_scanned=done.is_scanned,
        key_sealed=sealing.seal(row, path) if rules.PURPOSES[row.purpose].is_sealed else None,
    )


def _look(row: Upload, path: Path) -> _Checked:
    """Return what the file is.

    :raises DomainError: ``infected`` or a refusal of the inspector
    """
    with path.open("rb") as stream:
        verdict = SCANNER.get().scan(stream)
    if verdict.virus:
        raise DomainError(
            "infected", _("文件里发现病毒（%(name)s），已删除。请换一台安全的电脑重新导出。") % {"name": verdict.virus}
        )
    purpose = rules.PURPOSES[row.purpose]
    found = INSPECTOR.get().inspect(path, kinds=purpose.kinds, file_name=row.file_name)
    if found.kind not in purpose.kinds:
        raise DomainError("wrong_kind", _("这里需要%(wanted)s，请重新选择。") % {"wanted": purpose.wanted})
    if row.size > rules.MOST[found.kind]:
        most = rules.size_text(rules.MOST[found.kind])
        raise DomainError("too_large", _("这类文件最大 %(most)s。请压缩或拆分后再上传。") % {"most": most})
    return _Checked(found, _sha256(path), verdict.scanned)


def _sha256(path: Path) -> str:
    mark = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            mark.update(chunk)
    return mark.hexdigest()


@transaction.atomic
def _settle(row: Upload, at: datetime, **values: object) -> bool:
    """Write the result once, and say whether it was now: whoever comes second finds the upload settled."""
    return bool(Upload.objects.filter(pk=row.pk, state=Upload.State.CHECKING).update(touched_at=at, **values))


def sweep(*, at: datetime) -> int:
    """Remove uploads that nobody touched for 48 hours, and ask again about checks that got stuck, also on the plain file; return how many went."""
    gone = 0
    for row in Upload.objects.filter(state=Upload.State.OPEN, touched_at__lt=at - rules.ABANDONED).order_by("pk")[:500]:
        gone += _remove(row.pk, at)
    for row in Upload.objects.filter(state=Upload.State.CHECKING, touched_at__lt=at - _STUCK).order_by("pk")[:500]:
        Upload.objects.filter(pk=row.pk).update(touched_at=at)
        ask_to_check(row.uuid)
    lately = {"touched_at__gt": at - _LATELY, "touched_at__lt": at - _STUCK}
    for row in Upload.objects.filter(state=Upload.State.READY, key_sealed__isnull=False, **lately).order_by("pk")[:500]:
        if sealing.has_plain(row):
            ask_to_check(row.uuid)
    return gone


@transaction.atomic
def _remove(pk: int, at: datetime) -> int:
    old = {"state": Upload.State.OPEN, "touched_at__lt": at - rules.ABANDONED}
    row = Upload.objects.select_for_update(skip_locked=True).filter(pk=pk, **old).first()
    if row is None:
        return 0
    store().drop(row)
    row.delete()
    return 1
