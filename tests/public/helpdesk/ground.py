"""A ticket, two operators and the moments between them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from infra.kit.errors import DomainError
from public.helpdesk import filing
from public.helpdesk.diary import Desk
from public.helpdesk.models import Ticket
from public.helpdesk.shapes import Contact, Draft, Receipt
from public.operators.api import Me
from tenants.scope import platform_scope

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Monday 12:00 in Zhejiang."""
ME, OTHER = Me(700_001, "运营甲", "OPERATIONS"), Me(700_002, "运营乙", "OPERATIONS")
"""Numbers that no account of a test has."""
REPLY = "这是我们的故障，已经修复，请刷新后再试。"


def desk(me: Me = ME, at: datetime = NOON) -> Desk:
    """An operator at work."""
    return Desk(me, at, "10.0.0.1")


def file(*, at: datetime = NOON, **changes: Any) -> Receipt:
    """Ask a question of the urgency NORMAL on the platform's site."""
    said = {
        "urgency": "NORMAL",
        "title": "考试页面打不开",
        "text": "点参加考试后一直空白，换了浏览器也一样。",
        "contact": Contact("学员甲", "13800000001"),
        **changes,
    }
    with platform_scope():
        return filing.file(draft=Draft(**said), at=at, ip="10.0.0.9")


def row(uuid: UUID) -> Ticket:
    """The row as it stands now."""
    with platform_scope():
        return Ticket.objects.select_related("promise").get(uuid=uuid)


def kinds(uuid: UUID, *, shown: bool = False) -> list[str]:
    """The steps, in their order; only those the asker reads, if ``shown``."""
    with platform_scope():
        steps = row(uuid).steps.order_by("at", "pk")
        return list((steps.filter(is_shown=True) if shown else steps).values_list("kind", flat=True))


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    """What a test expects to be refused with this code."""
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)
