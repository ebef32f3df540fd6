"""Writes: an enterprise offers a remark, operations show it, refuse it or take it down."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.catalogue import api as catalogue
from public.operators import api as operators
from public.remarks.models import Offer, Remark


def offer(*, version_id: int, stars: int, text: str, at: datetime) -> UUID:
    """Offer a remark from within an enterprise; part of the caller's transaction. Returns the offer's uuid.

    :param text: without names of persons and of the enterprise: the caller has looked
    :raises DomainError: 404 ``not_found`` where the enterprise may not see the course
    """
    card = catalogue.course(version_id).card
    row = Offer.objects.create(
        course_id=card.course_id, version_id=version_id, course_title=card.title, stars=stars, text=text, offered_at=at
    )
    return row.uuid


@transaction.atomic
def decide(*, offer: UUID, show: bool, reason: str, me: operators.Me, at: datetime, ip: str) -> None:
    """Show a remark to everybody, or refuse it for a reason that the enterprise reads. Decided once.

    :raises DomainError: ``not_found`` (404); 403 ``forbidden``; 409 ``decided``; 422 ``reason_missing``
    """
    row = _held(offer, me)
    if row.state != Offer.State.WAITING:
        raise DomainError("decided", _("这条评语已经处理过，可能同事刚刚处理。请刷新页面。"), status=409)
    if not show and not reason.strip():
        raise DomainError("reason_missing", _("请写明不采用的理由，企业会看到。"), status=422, field="reason")
    _close(row, Offer.State.SHOWN if show else Offer.State.REFUSED, reason, me, at, ip)
    if show:
        Remark.objects.create(
            offer=row, course_id=row.course_id, stars=row.stars, text=row.text, shown_on=clock.shanghai_date(at)
        )


@transaction.atomic
def remove(*, offer: UUID, reason: str, me: operators.Me, at: datetime, ip: str) -> None:
    """Take a shown remark down; done twice, nothing happens.

    :raises DomainError: ``not_found`` (404); 403 ``forbidden``; 409 ``not_shown``; 422 ``reason_missing``
    """
    row = _held(offer, me)
    if row.state == Offer.State.REMOVED:
        return
    if row.state != Offer.State.SHOWN:
        raise DomainError("not_shown", _("这条评语没有展示，不用撤下。请刷新页面。"), status=409)
    if not reason.strip():
        raise DomainError("reason_missing", _("请写明撤下的理由，企业会看到。"), status=422, field="reason")
    _close(row, Offer.State.REMOVED, reason, me, at, ip)
    Remark.objects.filter(offer=row).update(removed_at=at)


def _held(offer: UUID, me: operators.Me) -> Offer:
    if me.role != operators.Role.OPERATIONS:
        raise DomainError("forbidden", _("只有平台运营可以处理评语。"), status=403)
    row = Offer.objects.select_for_update().filter(uuid=offer).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条评语，请从列表重新进入。"), status=404)
    return row


def _close(row: Offer, state: str, reason: str, me: operators.Me, at: datetime, ip: str) -> None:  # noqa: PLR0917 - private
    row.state, row.reason, row.decided_at = state, reason.strip()[:200], at
    row.decided_by = f"operator:{me.credential_id}"
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record(
        f"remark.{state.lower()}",
        actor=row.decided_by,
        target=f"remark:{row.uuid}",
        at=at,
        ip=ip,
        schema_name=row.schema_name,
        name=me.name,
        reason=row.reason,
    )
