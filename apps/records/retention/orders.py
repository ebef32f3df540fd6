"""Orders: somebody asks to see old months again, or to take everything along; a worker makes the file, which goes again after some days."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.records.retention import keys
from apps.records.services import append_entry
from infra.kit import clock, streams
from infra.kit.errors import DomainError
from public.retention.api import Order
from tenants import orders as made_files
from tenants import storage
from tenants.api import current_site, require

State, Kind = Order.State, Order.Kind
OPEN, is_ready = made_files.OPEN, made_files.is_ready
KEPT = timedelta(days=7)
"""How long a made file lies in the object store: only as long as it is needed (PIPL art. 19)."""
_LOST_AFTER = timedelta(hours=6)
_LOCK = "retention-orders"
Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how much is done and how much there is; raises ``tenants.orders.Cancelled``."""


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
    from apps.records.tasks import carry_out as task

    made_files.hold(_LOCK)
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
    made_files.ring(row, task)
    return row


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
    return made_files.progress(row) or {"step": "", "done": 0, "total": 0}


def carry_out(uuid: UUID, *, at: datetime, make: Callable[[Order, BinaryIO, Progress], int]) -> Order:
    """Carry an order out: ``make`` writes the plain ZIP and returns its rows. An ended one is left alone, one whose worker died is made again.

    :raises Order.DoesNotExist: there is no such order
    """
    row = Order.objects.get(schema_name=require().schema, uuid=uuid)
    if row.state not in OPEN:
        return row

    def report(step: str, done: int, total: int) -> None:
        made_files.report(row, {"step": step, "done": done, "total": total})

    with made_files.carried_out(row, who=row.by, name=row.by_name), tempfile.TemporaryFile() as made:
        rows = make(row, cast("BinaryIO", made), report)
        _keep(row, cast("BinaryIO", made), rows)
    return row


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
        if not made_files.finish(row, **values):
            default_storage.delete(name)  # cancelled at the last moment
            return
        event = "restored" if row.kind == Kind.RESTORE else "exported"
        learner, month = str(row.subject) if row.subject else None, f"{row.month:%Y-%m}" if row.month else None
        told = {"event": event, "order": str(row.uuid), "learner": learner, "month": month, "rows": rows, "by": row.by}
        append_entry(kind="PACKAGE", subject=current_site().uuid, body={**told, "sha256": digest.hexdigest()}, at=at)


def _require_ready(row: Order, at: datetime) -> None:
    """Refuse an order without a file.

    :raises DomainError: 409 ``order_running``; 410 ``file_gone``
    """
    if row.state in OPEN:
        raise DomainError("order_running", _("文件还在生成，请稍等几分钟。"), status=409)
    made_files.refuse_withdrawn(row)
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
    return made_files.forget_old(Order.objects.filter(schema_name=require().schema), at=at, key_sealed=b"")


def withdraw(*, subject: UUID, at: datetime) -> None:
    """Withdraw what can hold a learner who is being erased: the own months, months of everybody, everything. Part of the caller's transaction."""
    from apps.records.tasks import carry_out as task

    mine = Order.objects.filter(Q(subject=None) | Q(subject=subject), schema_name=require().schema)
    made_files.withdraw(mine, name=_LOCK, task=task, at=at, key_sealed=b"")
