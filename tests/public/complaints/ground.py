"""A complaint, two operators and the moments between them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from infra.kit.errors import DomainError
from public.complaints import filing, handling
from public.complaints.diary import Desk
from public.complaints.models import Complaint
from public.complaints.shapes import Contact, Draft, Receipt
from public.operators.api import Me
from tenants.scope import platform_scope

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Monday 12:00 in Zhejiang."""
ME, OTHER = Me(700_001, "运营甲", "OPERATIONS"), Me(700_002, "运营乙", "OPERATIONS")
"""Numbers that no account of a test has."""
REASON = "已核对学习记录，学时补记，并告知企业。"


def desk(me: Me = ME, at: datetime = NOON) -> Desk:
    """An operator at work."""
    return Desk(me, at, "10.0.0.1")


def file(*, at: datetime = NOON, **changes: Any) -> Receipt:
    """File a complaint of the category GENERAL on the platform."""
    said = {
        "category": "GENERAL",
        "title": "学完一课没有记学时",
        "text": "昨天晚上学完第一课，今天看学时还是 0。",
        "contact": Contact("学员甲", "13800000001", "xueyuan@example.com"),
        **changes,
    }
    with platform_scope():
        return filing.file(draft=Draft(**said), at=at, ip="10.0.0.9")


def accepted(*, at: datetime = NOON, **changes: Any) -> UUID:
    """File and accept one; return its uuid."""
    receipt = file(at=at, **changes)
    with platform_scope():
        handling.accept(
            complaint=receipt.uuid, reply="已受理，正在核对记录。", category=receipt_category(receipt), desk=desk(at=at)
        )
    return receipt.uuid


def receipt_category(receipt: Receipt) -> str:
    return str(Complaint.objects.get(pk=receipt.pk).category)


def row(uuid: UUID) -> Complaint:
    """The row as it stands now."""
    with platform_scope():
        return Complaint.objects.select_related("promise").get(uuid=uuid)


def kinds(uuid: UUID) -> list[str]:
    """The steps, in their order."""
    with platform_scope():
        return list(row(uuid).events.order_by("at", "pk").values_list("kind", flat=True))


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    """What a test expects to be refused with this code."""
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)
