"""Files that a worker makes for somebody: ordered one at a time, watched, stopped, kept sealed for some days, forgotten.

The rows are models of the rooms; they share ``uuid``, ``state``, ``at``, ``rung_at``, ``ended_at``, ``expires_at``, ``storage_key``, ``size``,
``sha256`` and these states: QUEUED, RUNNING, then DONE (and EXPIRED), CANCELLED, FAILED, or WITHDRAWN where somebody in it was erased. Every
step asks for the state that it leaves, so a worker that was given up, or stopped, changes nothing any more.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, BinaryIO, cast
from uuid import uuid4

from celery import Task
from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from infra.kit import clock, origin
from infra.kit.errors import DomainError
from tenants import storage
from tenants.keys import files
from tenants.ringing import ring_later
from tenants.scope import require

OPEN = ("QUEUED", "RUNNING")
LOST_AFTER = timedelta(hours=1)
"""After so long without an end its worker is taken for dead."""
_PROGRESS_S = 3_600
_PIECE = 1 << 20
Row = Any
"""A row of such a model."""


class Cancelled(Exception):
    """Somebody stopped the order while it was carried out."""


def hold(name: str) -> None:
    """Wait for the lock on orders of this kind: until the transaction ends nobody else places one, nor withdraws any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{require().schema}:{name}"])


def turn(rows: QuerySet[Any], *, name: str, at: datetime, lost_after: timedelta = LOST_AFTER) -> bool:
    """Wait for the lock on orders of this kind, end those whose worker died, and say whether none is open. Needs an open transaction.

    :param name: of the kind, within the enterprise
    """
    hold(name)
    rows.filter(state__in=OPEN, rung_at__lt=at - lost_after).update(state="FAILED", ended_at=at)
    return not rows.filter(state__in=OPEN).exists()


def ring(row: Row, task: Task[Any, Any]) -> None:
    """Wake a worker with the row's uuid at the commit; where no broker answers the order ends, so that nothing waits for ever."""
    queued = _same(row).filter(state="QUEUED")
    ring_later(task, str(row.uuid), otherwise=lambda: queued.update(state="FAILED", ended_at=row.at))


def cancel(row: Row, *, at: datetime) -> None:
    """Stop an order that is locked and not carried out yet; stopping an ended one changes nothing."""
    if row.state in OPEN:
        row.state, row.ended_at = "CANCELLED", at
        row.save(update_fields=["state", "ended_at"])


def is_ready(row: Row, at: datetime) -> bool:
    """Say whether there is a file to hand out."""
    return bool(row.state == "DONE" and at < row.expires_at)


@contextmanager
def carried_out(row: Row, *, who: str, name: str, **begun: Any) -> Iterator[None]:
    """Let an open order run within the block: stopped quietly by :class:`Cancelled`, FAILED where anything else is raised.

    :param who: whoever ordered it, a reference such as ``manager:12``; files made within the block carry it, with ``name``, as their mark
    :param begun: more values that the row gets now
    """
    _same(row).filter(state__in=OPEN).update(state="RUNNING", **begun)
    try:
        with suppress(Cancelled), origin.on_behalf_of(who, name):  # the row says already that it was stopped
            yield
    except Exception:
        _same(row).filter(state__in=OPEN).update(state="FAILED", ended_at=clock.now())
        raise
    finally:
        with suppress(RedisError):  # it goes by itself within the hour
            cache.delete(_progress(row))
    row.refresh_from_db()


def report(row: Row, told: dict[str, Any]) -> None:
    """Say how far it is.

    :raises Cancelled: the order does not run any more
    """
    with suppress(RedisError):  # a lost progress bar is no reason to lose the file
        cache.set(_progress(row), told, _PROGRESS_S)
    if not _same(row).filter(state="RUNNING").exists():
        raise Cancelled


def progress(row: Row) -> dict[str, Any] | None:
    """Return what was reported last, None where nothing was."""
    with suppress(RedisError):
        found: dict[str, Any] | None = cache.get(_progress(row))
        return found
    return None


def finish(row: Row, **values: Any) -> bool:
    """End a running order as DONE; False where it does not run any more."""
    return bool(_same(row).filter(state="RUNNING").update(state="DONE", ended_at=clock.now(), **values))


def keep(row: Row, made: BinaryIO, *, folder: str, purpose: str, **values: Any) -> str:
    """Seal the file, keep it, and end the order; return its SHA-256 in hex, "" where the order was stopped at the last moment.

    :param made: the plain file, read from its beginning piece by piece
    :param values: more values that the row gets with its end
    """
    size, digests = made.seek(0, os.SEEK_END), hashlib.sha256()
    made.seek(0)
    while piece := made.read(_PIECE):
        digests.update(piece)
    digest = digests.hexdigest()
    made.seek(0)
    with tempfile.TemporaryFile() as sealed:
        files.seal(made, cast("BinaryIO", sealed), purpose=purpose)
        sealed.seek(0)
        key = default_storage.save(storage.key(f"{folder}/{uuid4()}"), File(sealed))
    if finish(row, storage_key=key, size=size, sha256=digest, **values):
        return digest
    default_storage.delete(key)
    return ""


def pieces(row: Row, *, purpose: str) -> Iterator[bytes] | None:
    """Return the file piece by piece, to be handed on without being held as a whole; None where the store has it no more.

    :raises SealBroken: it was altered; also while the pieces come, so that the file ends short of its size
    """
    if not row.storage_key or not default_storage.exists(row.storage_key):
        return None
    file = default_storage.open(row.storage_key)
    return _closing(file, files.unseal(cast("BinaryIO", file), purpose=purpose))


def _closing(file: "File[bytes]", made: Iterator[bytes]) -> Iterator[bytes]:
    with file:
        yield from made


def forget_old(rows: QuerySet[Any], *, at: datetime, **emptied: Any) -> int:
    """Remove the files of orders whose time is over (only necessary personal data, PIPL art. 19), and of withdrawn ones that the store kept
    when they were to go; returns how many.

    :param emptied: more values that the rows get
    """
    old = list(rows.exclude(storage_key="").filter(Q(expires_at__lte=at) | Q(state="WITHDRAWN")))
    for row in old:
        default_storage.delete(row.storage_key)
        _same(row).update(storage_key="", state="WITHDRAWN" if row.state == "WITHDRAWN" else "EXPIRED", **emptied)
    return len(old)


def withdraw(rows: QuerySet[Any], *, name: str, task: Task[Any, Any], at: datetime, **emptied: Any) -> list[tuple[Row, Row]]:
    """End what was made before somebody was erased, or is being made: no file outlives what it was made of. Part of the erasure's transaction.

    Ready files go at the commit; what the store does not let go then, `forget_old` removes, for the row names it until it is gone. What a
    worker is at ends, and is begun anew as an order of its own; what waits in the queue begins after the commit anyway, for its row is
    locked until then.

    :param rows: those that can hold the person
    :param name: of the kind, as in :func:`turn`
    :param emptied: more values that the withdrawn rows get
    :returns: (former, new) of those that are begun anew
    """
    hold(name)
    again = []
    for row in rows.filter(state__in=(*OPEN, "DONE")).select_for_update(of=("self",)).order_by("pk"):
        if row.state == "QUEUED":
            continue
        if row.storage_key:
            _drop_at_commit(row)
        fresh = _fresh(row, at) if row.state == "RUNNING" else None
        _same(row).update(state="WITHDRAWN", ended_at=row.ended_at or at, **emptied)
        if fresh is not None:
            fresh.save(force_insert=True)
            ring(fresh, task)
            again.append((row, fresh))
    return again


def _drop_at_commit(row: Row) -> None:
    def drop() -> None:  # where it fails Django logs its name, and a partial has none
        default_storage.delete(row.storage_key)
        _same(row).update(storage_key="")

    transaction.on_commit(drop, robust=True)


def refuse_withdrawn(row: Row) -> None:
    """Refuse a file that went with somebody who was erased.

    :raises DomainError: 410 ``file_withdrawn``
    """
    if row.state == "WITHDRAWN":
        raise DomainError("file_withdrawn", _("因个人信息删除已提前失效，请重新生成。"), status=410)


def _fresh(row: Row, at: datetime) -> Row:
    """Return the same order, placed now."""
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    begun = {"state": "QUEUED", "at": at, "rung_at": at, "ended_at": None, "expires_at": at + (row.expires_at - row.at)}
    counted = {one: start for one, start in {"started_at": None, "done": 0, "made": 0, "rows": 0}.items() if one in values}
    return type(row)(**(values | begun | counted | {"uuid": uuid4()}))


def _same(row: Row) -> QuerySet[Any]:
    found: QuerySet[Any] = type(row)._default_manager.filter(pk=row.pk)
    return found


def _progress(row: Row) -> str:
    return f"order:{row.uuid}"
