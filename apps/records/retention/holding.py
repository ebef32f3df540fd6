"""Legal holds: while one stands, nothing of a learner, or of everybody, is packed away or deleted (事故调查、仲裁、诉讼)."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.records.services import append_entry
from infra.kit import clock
from infra.kit.errors import DomainError
from public.retention.api import Hold
from tenants.api import current_site, require

SHORTEST = 4
"""A reason is at least so many characters long: it is read years later, by others."""


@transaction.atomic
def place(*, subject: UUID | None, reason: str, until: date | None, by: str, by_name: str, at: datetime) -> Hold:
    """Put one learner, or with ``subject`` None everybody, on hold.

    :param until: the last day; None: until somebody ends it
    :raises DomainError: 422 ``reason_needed``, ``day_past``; 409 ``on_hold_already``
    """
    _require_reason(reason)
    if until is not None and until < clock.shanghai_date(at):
        raise DomainError("day_past", _("截止日期已过，请选今天或以后的日期。"), status=422, field="until")
    lapsed = Hold.objects.filter(schema_name=require().schema, subject=subject, ended_at=None)
    lapsed.filter(until__lt=clock.shanghai_date(at)).update(ended_at=at, ended_reason=str(_("期限已到")))
    try:
        with transaction.atomic():
            row = Hold.objects.create(subject=subject, reason=reason.strip(), until=until, by=by, by_name=by_name, at=at)
    except IntegrityError as error:
        words = _("已经在保留中，不用重复设置。如需延长，请先结束原来的保留。")
        raise DomainError("on_hold_already", words, status=409, field="subject") from error
    _enter("held", row, reason=row.reason, at=at)
    return row


@transaction.atomic
def end(*, hold: UUID, reason: str, by: str, by_name: str, at: datetime) -> Hold:
    """End a hold. Ending an ended one changes nothing.

    :raises DomainError: 404 ``not_found``; 422 ``reason_needed``
    """
    _require_reason(reason)
    row = Hold.objects.select_for_update().filter(schema_name=require().schema, uuid=hold).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条保留，请回到上一页看看。"), status=404)
    if row.ended_at is None:
        row.ended_at, row.ended_by, row.ended_name, row.ended_reason = at, by, by_name, reason.strip()
        row.save(update_fields=["ended_at", "ended_by", "ended_name", "ended_reason"])
        _enter("released", row, reason=row.ended_reason, at=at)
    return row


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST:
        raise DomainError("reason_needed", _("请写明理由，例如案号或调查名称，至少 4 个字。"), status=422, field="reason")


def _enter(event: str, row: Hold, *, reason: str, at: datetime) -> None:
    learner = str(row.subject) if row.subject else None
    until = row.until.isoformat() if row.until else None
    digest = hashlib.sha256(reason.encode()).hexdigest()  # people write names into reasons, and the ledger forgets nothing
    body = {"event": event, "hold": str(row.uuid), "learner": learner, "until": until, "reason_sha256": digest}
    body["by"] = row.ended_by or row.by
    append_entry(kind="PACKAGE", subject=current_site().uuid, body=body, at=at)


def holds(*, ended: bool = False) -> QuerySet[Hold]:
    """Return the holds of the current enterprise, newest first: those that stand, or those that were ended."""
    rows = Hold.objects.filter(schema_name=require().schema)
    return (rows.exclude(ended_at=None) if ended else rows.filter(ended_at=None)).order_by("-at", "-pk")
