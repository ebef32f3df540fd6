"""Which file an order asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from apps.records.retention import exporting, orders, restoring
from apps.records.retention.orders import Kind, Progress
from infra.kit.notes import NoteSigner
from public.retention.api import Order


def carry_out(uuid: UUID, *, signers: Sequence[NoteSigner], at: datetime) -> Order:
    """Carry out an order of whatever kind."""

    def make(order: Order, target: BinaryIO, report: Progress) -> int:
        if order.kind == Kind.RESTORE:
            return restoring.make(order, target, report)
        return exporting.make(order, target, report, signers=signers)

    return orders.carry_out(uuid, at=at, make=make)
