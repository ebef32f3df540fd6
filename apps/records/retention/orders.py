"""Orders: somebody asks to see old months again, or to take everything along; a worker makes the file, which goes again after some days."""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO, cast
from uuid import UUID

import kombu.exceptions
from celery import current_app
from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.records.retention import keys
from apps.records.services import append_entry
from infra.kit import clock, streams
from infra.kit.errors import DomainError
from public.retention.api import Order
from tenants import storage
from tenants.api import current_site, require
from tenants.headers import HEADER

log = logging.getLogger("anxue.records")
State, Kind = Order.State, Order.Kind
OPEN = (State.QUEUED, State.RUNNING)
KEPT = timedelta(days=7)
"""How long a made file lies in the object store: only as long as it is needed (PIPL art. 19)."""
_LOST_AFTER = timedelta(hours=6)
_PROGRESS_S = 3_600
Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how much is done and how much there is; raises :class:`Cancelled`."""


class Cancelled(Exception):
    """Somebody stopped the order while it was carried out."""


@dataclass(frozen=True, slots=True)
class By:
    """Who orders: a reference such as ``manager:12``, and the name at that time."""

    reference: str
    name: str


@transaction.atomic
def place(*, kind: str, by: By, at: datetime, subject: UUID | None = None, month: date | None = None, reason: str = "") -> Order:
    """Queue an order; its task is rung at the commit.

    :raises DomainError: 409 ``order_running``: one of a kind at a time
    """
    mine = Order.objects.filter(schema_name=require().schema, kind=kind, state__in=OPEN)
    mine.filter(rung_at__lt=at - _LOST_AFTER).update(state=State.FAILED, ended_at=at)
    try:
        with transaction.atomic():
            row = Order.objects.create(
                kind=kind, subject=subject, month=month, reason=reason, by=by.reference, by_name=by.name, at=at, rung_at=at,
                expires_at=at + KEPT,
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError("order_running", _("上一个任务还在处理，请等它完成或先取消。"), status=409) from error
    transaction.on_commit(lambda: _wake(row))
    return row


def _wake(row: Order) -> None:
    """Ring a worker; a broker that does not answer ends the order, so that nothing waits for ever."""
    try:
        current_app.send_task("records.carry_out", args=[str(row.uuid)], headers={HEADER: require().schema})
    except (kombu.exceptions.OperationalError, RedisError) as error:
        log.error("order %s was not queued: %s", row.uuid, type(error).__name__)
        Order.objects.filter(pk=row.pk, state=State.QUEUED).update(state=State.FAILED, ended_at=row.at)


def orders(kind: str) -> QuerySet[Order]:
    """Return the orders of one kind of the current enterprise, newest first."""
    return Order.objects.filter(schema_name=require().schema, kind=kind).order_by("-at", "-pk")


def of_uuid(uuid: UUID, kind: str) -> Order:
    """Return an order of the current enterprise.

    :raises DomainError: 404 ``not_found``
    """
    row = orders(kind).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个任务，请回到上一页看看。"), status=404)
    return row


def cancel(*, uuid: UUID, kind: str, at: datetime) -> Order:
    """Stop an order that is not carried out yet; a worker at it stops within a second. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = of_uuid(uuid, kind)
    if orders(kind).filter(pk=row.pk, state__in=OPEN).update(state=State.CANCELLED, ended_at=at):
        row.refresh_from_db()
    return row


def progress_of(row: Order) -> dict[str, Any]:
    """Return ``{"step", "done", "total"}`` of an order that is carried out; ``total`` 0 where nothing is known yet."""
    known: dict[str, Any] | None = None
    with suppress(RedisError):
        known = cache.get(f"order:{row.uuid}")
    return known or {"step": "", "done": 0, "total": 0}


def carry_out(uuid: UUID, *, at: datetime, make: Callable[[Order, BinaryIO, Progress], int]) -> Order:
    """Carry an order out: ``make`` writes the plain ZIP and returns its rows. An ended one is left alone, one whose worker died is made again.

    :raises Order.DoesNotExist: there is no such order
    """
    row = Order.objects.get(schema_name=require().schema, uuid=uuid)
    mine = Order.objects.filter(pk=row.pk)
    if row.state not in OPEN:
        return row
    mine.filter(state=State.QUEUED).update(state=State.RUNNING)
    try:
        with suppress(Cancelled), tempfile.TemporaryFile() as made:  # the row says that it was cancelled
            rows = make(row, cast("BinaryIO", made), _reporter(row))
            _keep(row, cast("BinaryIO", made), rows)
    except Exception:
        mine.filter(state__in=OPEN).update(state=State.FAILED, ended_at=clock.now())
        raise
    finally:
        with suppress(RedisError):
            cache.delete(f"order:{row.uuid}")
    row.refresh_from_db()
    return row


def _reporter(row: Order) -> Progress:
    def report(step: str, done: int, total: int) -> None:
        with suppress(RedisError):  # a lost progress bar is no reason to lose the file
            cache.set(f"order:{row.uuid}", {"step": step, "done": done, "total": total}, _PROGRESS_S)
        if not Order.objects.filter(pk=row.pk, state=State.RUNNING).exists():
            raise Cancelled

    return report


def _keep(row: Order, made: BinaryIO, rows: int) -> None:
    """Seal the file, put it into the store and say so in the ledger; both or neither."""
    size, key = made.tell(), keys.new_key()
    digest = hashlib.sha256()
    made.seek(0)
    while piece := made.read(streams.CHUNK):
        digest.update(piece)
    made.seek(0)
    with tempfile.TemporaryFile() as sealed:
        streams.seal(made, cast("BinaryIO", sealed), key=key[0])
        sealed.seek(0)
        name = default_storage.save(storage.key(f"orders/{row.uuid}"), File(sealed))
    values = {"rows": rows, "storage_key": name, "size": size, "sha256": digest.hexdigest(), "key_sealed": key[1]}
    at = clock.now()
    with transaction.atomic():
        if not Order.objects.filter(pk=row.pk, state=State.RUNNING).update(state=State.DONE, ended_at=at, **values):
            default_storage.delete(name)  # cancelled at the last moment
            return
        event = "restored" if row.kind == Kind.RESTORE else "exported"
        learner, month = str(row.subject) if row.subject else None, f"{row.month:%Y-%m}" if row.month else None
        told = {"event": event, "order": str(row.uuid), "learner": learner, "month": month, "rows": rows, "by": row.by}
        append_entry(kind="PACKAGE", subject=current_site().uuid, body={**told, "sha256": digest.hexdigest()}, at=at)


def is_ready(row: Order, at: datetime) -> bool:
    """Say whether there is a file."""
    return row.state == State.DONE and at < row.expires_at


def _require_ready(row: Order, at: datetime) -> None:
    """Refuse an order without a file.

    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    if row.state in OPEN:
        raise DomainError("order_running", _("文件还在生成，请稍等几分钟。"), status=409)
    if not is_ready(row, at) or not default_storage.exists(row.storage_key):
        raise DomainError("file_gone", _("文件已过期删除或没有生成，请重新申请。"), status=410)


def pieces(row: Order, *, at: datetime) -> Iterator[bytes]:
    """Return the plain ZIP piece by piece.

    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    _require_ready(row, at)
    source = default_storage.open(row.storage_key)
    return streams.unseal(cast("BinaryIO", source), key=keys.opened(row.key_sealed))


@contextmanager
def plain(row: Order, *, at: datetime) -> Iterator[BinaryIO]:
    """Open the plain ZIP.

    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    with tempfile.TemporaryFile() as file:
        for piece in pieces(row, at=at):
            file.write(piece)
        file.seek(0)
        yield cast("BinaryIO", file)


def forget_old(*, at: datetime) -> int:
    """Remove the files of orders whose time is over; returns how many."""
    old = list(Order.objects.filter(schema_name=require().schema, expires_at__lte=at).exclude(storage_key=""))
    for row in old:
        default_storage.delete(row.storage_key)
        row.storage_key, row.key_sealed, row.state = "", b"", State.EXPIRED
        row.save(update_fields=["storage_key", "key_sealed", "state"])
    return len(old)
