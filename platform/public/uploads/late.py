"""Files that came before such files were encrypted: one after another is sealed, read back, and only then does the plain one go (clause 五.1).

May be killed at any moment and run by several at once: what a row says is done is done, all else is done again.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from infra.kit import clock
from infra.kit.crypto import SealBroken
from public.audit import api as audit
from public.operators.ports import FilesStand
from public.uploads import rules, sealing
from public.uploads.models import Upload
from public.uploads.stores import CHUNK, store
from tenants.ringing import ring_later
from tenants.scope import platform_scope

log = logging.getLogger("anxue.uploads")
BROKEN, LEFT = "clear_broken", "clear_left"
"""``reason`` of a READY row: its file cannot be sealed; it is sealed and the plain file is still to go."""
_ACTOR = "system"
_FAILURES = 3
"""So many one after another, and a run gives up: it is not the files."""


class Broken(Exception):
    """The plain file is ``lost``, or ``altered``: not what was checked."""


def standing() -> FilesStand:
    """Count the files of purposes that are sealed, over the platform and all enterprises."""
    clear, broken = Q(key_sealed=None), Q(reason=BROKEN)
    with platform_scope():
        found = _rows().aggregate(
            sealed=Count("pk", filter=~clear), clear=Count("pk", filter=clear & ~broken), broken=Count("pk", filter=broken)
        )
    return FilesStand(**found)


def seal_all(
    *, now: Callable[[], datetime] = clock.now, stop: Callable[[], bool] = lambda: False, again: bool = False
) -> FilesStand:
    """Seal what lies in clear, one file after another; returns how it stands then.

    :param stop: asked before each file; True leaves the rest to the next run
    :param again: look at the broken ones once more
    One that fails keeps no other waiting, and is tried again by the next run.

    :raises Exception: of one that failed, where none after it did better, as while the store does not answer; what is done is done
    """
    failed: Exception | None = None
    with platform_scope():
        waiting = _rows().filter(Q(reason=LEFT) | Q(key_sealed=None))
        last = failures = 0
        while failures < _FAILURES and not stop() and (pk := _next(waiting if again else waiting.exclude(reason=BROKEN), last)):
            try:
                _seal(pk, now())
                failed, failures = None, 0
            except Exception as error:
                log.exception("upload %s could not be sealed", pk)
                failed, failures = error, failures + 1
            last = pk
    if failed:
        raise failed
    return standing()


def ask() -> None:
    """Wake a worker at the commit; without a broker the schedule finds the files within the hour."""
    from public.uploads.tasks import seal_clear

    ring_later(seal_clear, True)


def _rows() -> QuerySet[Upload]:
    purposes = [name for name, purpose in rules.PURPOSES.items() if purpose.is_sealed]
    return Upload.objects.filter(state=Upload.State.READY, purpose__in=purposes)


def _next(rows: QuerySet[Upload], last: int) -> int | None:
    return rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True).first()


def _seal(pk: int, at: datetime) -> None:
    """Seal one file unless somebody else does; the plain one goes after the commit, also where a former run did not come to it."""
    with transaction.atomic():
        row = Upload.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is None:
            return
        if row.key_sealed is None:
            try:
                row.key_sealed = _sealed(row)
            except Broken as why:
                _give_up(row, str(why), at)
                return
            row.reason, row.touched_at = LEFT, at
            row.save(update_fields=["key_sealed", "reason", "touched_at"])
            _note("file.sealed_late", row, at, audit.Result.DONE)
    _forget_plain(row)


def _sealed(row: Upload) -> bytes:
    """Write the encrypted file beside the plain one and read it back; returns its key as the row keeps it.

    :raises Broken: the plain file is not what was checked
    """
    if not sealing.has_plain(row):
        raise Broken("lost")
    with store().local(row) as plain:
        with plain.open("rb") as stream:
            _compare(stream, row, "altered")
        key = row.key_sealed = sealing.seal(row, plain)
    try:
        with sealing.opened(row) as stream:
            _compare(stream, row, "not readable")
    except (SealBroken, Broken) as error:  # our own trouble: nothing is kept of it, and the next run tries again
        raise OSError(f"upload {row.uuid}: {error}") from error
    return key


def _compare(stream: IO[bytes], row: Upload, otherwise: str) -> None:
    mark = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        mark.update(chunk)
    if mark.hexdigest() != row.sha256:
        raise Broken(otherwise)


def _give_up(row: Upload, why: str, at: datetime) -> None:
    """Leave a file as it is; looked at again when somebody asks for it."""
    log.error("upload %s cannot be sealed: its file is %s", row.uuid, why)
    if row.reason == BROKEN:
        return
    Upload.objects.filter(pk=row.pk).update(reason=BROKEN)
    _note("file.seal_refused", row, at, audit.Result.FAILED, why=why)


def _forget_plain(row: Upload) -> None:
    sealing.forget_plain(row)
    Upload.objects.filter(pk=row.pk, reason=LEFT).update(reason="")


def _note(action: str, row: Upload, at: datetime, result: str, **more: Any) -> None:
    schema = row.provider_schema or "public"
    audit.record(
        action, actor=_ACTOR, target=f"upload:{row.uuid}", at=at, result=result, schema_name=schema, what=row.purpose, **more
    )


class Plug:
    """What the key page asks (`operators.ports.CLEAR_FILES`)."""

    def standing(self) -> FilesStand:
        """Count them."""
        return standing()

    def seal(self) -> None:
        """Wake a worker."""
        ask()


__all__ = ["BROKEN", "LEFT", "Plug", "ask", "seal_all", "standing"]
