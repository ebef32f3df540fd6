"""What operations see of the enterprises, and what they may do to one."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.desk import Me
from tenants import opening
from tenants.models import Enterprise

PER_PAGE = 20
_SORTS = {"name": "name", "-name": "-name", "created": "created_at", "-created": "-created_at", "division": "division_code"}


def page(*, search: str, status: str, division: str, verified: str, sort: str, number: str) -> Page[Enterprise]:
    """Return one page of the enterprises that fit every filter (all optional); newest first unless sorted."""
    rows = Enterprise.objects.all()
    for word in search.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(uscc__istartswith=word) | Q(subdomain__icontains=word))
    if status in Enterprise.Status.values:
        rows = rows.filter(status=status)
    if division.isdigit():
        rows = rows.filter(division_code__startswith=division[:6])
    if verified in {"yes", "no"}:
        rows = rows.filter(verified_at__isnull=verified == "no")
    return Paginator(_sorted(rows, sort), PER_PAGE).get_page(number)


def _sorted(rows: QuerySet[Enterprise], sort: str) -> QuerySet[Enterprise]:
    return rows.order_by(_SORTS.get(sort, "-created_at"), "-id")


def counts() -> dict[str, int]:
    """Return how many are active, suspended and not yet verified."""
    found: dict[str, int] = Enterprise.objects.aggregate(
        active=_count(status="ACTIVE"), suspended=_count(status="SUSPENDED"), unverified=_count(verified_at=None, status="ACTIVE")
    )
    return found


def _count(**condition: object) -> Count:
    return Count("id", filter=Q(**condition))


def one(enterprise_id: int) -> Enterprise:
    """Return an enterprise.

    :raises DomainError: ``not_found``
    """
    row: Enterprise | None = Enterprise.objects.filter(pk=enterprise_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这家企业。"), status=404)
    return row


@transaction.atomic
def verify(*, enterprise_id: int, me: Me, at: datetime, ip: str) -> None:
    """Note that the licence was checked; a second time changes nothing.

    :raises DomainError: ``not_found``
    """
    row = one(enterprise_id)
    if Enterprise.objects.filter(pk=row.pk, verified_at__isnull=True).update(verified_at=at):
        _audit("enterprise.verified", row, me, at, ip)


@transaction.atomic
def set_status(*, enterprise_id: int, status: str, reason: str, me: Me, at: datetime, ip: str) -> None:
    """Suspend or reopen an enterprise with a reason.

    :param status: ``ACTIVE`` or ``SUSPENDED``; closing for good is not done from the desk
    :raises DomainError: ``not_found``; ``status_unchanged``; ``enterprise_closed``
    """
    row = one(enterprise_id)
    if row.status == Enterprise.Status.CLOSED:
        raise DomainError("enterprise_closed", _("该企业已注销，不能再更改状态。"), status=409)
    if row.status == status:
        raise DomainError("status_unchanged", _("状态没有变化，可能同事刚刚操作过，请刷新页面。"), status=409)
    opening.set_status(enterprise_id=enterprise_id, status=status, reason=reason)
    _audit("enterprise.suspended" if status == "SUSPENDED" else "enterprise.reopened", row, me, at, ip, reason=reason,
           before={"status": row.status}, after={"status": status})  # fmt: skip


def _audit(action: str, row: Enterprise, me: Me, at: datetime, ip: str, **details: Any) -> None:
    # The record belongs to the enterprise concerned: its people see what was done to it.
    actor, target = f"operator:{me.credential_id}", f"enterprise:{row.uuid}"
    audit.record(action, actor=actor, target=target, at=at, ip=ip, schema_name=row.schema_name, name=me.name, **details)
