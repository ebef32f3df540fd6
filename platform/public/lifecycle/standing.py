"""Suspending and reopening. What a suspended enterprise still may do is `infra.wiring.standing`; nothing of its records is touched."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.lifecycle import events
from public.lifecycle.models import Turn
from public.lifecycle.words import By, Desk, enterprise, note, require_operations, said
from tenants import opening
from tenants.models import Enterprise

Status, Cause = Enterprise.Status, Turn.Cause


@transaction.atomic
def suspend(*, enterprise_id: int, cause: str, words: str, desk: Desk) -> None:
    """Suspend an enterprise: from within a second nobody studies there, while everybody may still read and take the records along.

    :param cause: a value of `Turn.Cause`
    :param words: what its people read
    :raises DomainError: 403; 404; 409 ``status_unchanged``, ``enterprise_closed``, ``enterprise_closing``; 422 ``words_missing``, ``bad_cause``
    """
    require_operations(desk)
    row = _open(enterprise_id, Status.SUSPENDED)
    if cause not in Cause.values or cause == Cause.SETTLED:
        raise DomainError("bad_cause", _("请选择停用的原因。"), status=422, field="cause")
    words = said(words, least=4, most=200, field="words", message=_("请写明原因，该企业的人员会看到。"))
    former = row.status
    turn(row, to=Status.SUSPENDED, cause=cause, words=words, who=desk)
    note("enterprise.suspended", row, desk, reason=words, cause=cause, before={"status": former}, after={"status": row.status})


@transaction.atomic
def reactivate(*, enterprise_id: int, words: str, desk: Desk) -> None:
    """Let a suspended enterprise work again.

    :raises DomainError: 403; 404; 409 ``status_unchanged``, ``enterprise_closed``, ``enterprise_closing``; 422 ``words_missing``
    """
    require_operations(desk)
    row = _open(enterprise_id, Status.ACTIVE)
    words = said(words, least=4, most=200, field="words", message=_("请写明为什么可以恢复。"))
    former = row.status
    turn(row, to=Status.ACTIVE, cause=Cause.SETTLED, words=words, who=desk)
    note("enterprise.reopened", row, desk, reason=words, before={"status": former}, after={"status": row.status})


def _open(enterprise_id: int, wanted: str) -> Enterprise:
    row = enterprise(enterprise_id, lock=True)
    if row.status == Status.CLOSED:
        raise DomainError("enterprise_closed", _("该企业已注销，不能再更改状态。"), status=409)
    if row.status == Status.CLOSING:
        raise DomainError("enterprise_closing", _("该企业正在注销。要恢复，请先撤销注销。"), status=409)
    if row.status == wanted:
        raise DomainError("status_unchanged", _("状态没有变化，可能同事刚刚操作过，请刷新页面。"), status=409)
    return row


def turn(
    row: Enterprise,
    *,
    to: str,
    cause: str,
    words: str,
    who: By | Desk | None,
    at: datetime | None = None,
    closes_at: datetime | None = None,
) -> None:
    """Turn an enterprise that is locked to another state, write the turn down, and tell the rooms above.

    :param who: None for the system, which says ``at``
    """
    moment = who.at if who is not None else at
    if moment is None:
        raise ValueError("a turn of the system needs its time")
    made = Turn.objects.create(
        enterprise=row, former=row.status, status=to, cause=cause, words=words, at=moment,
        by=who.reference if who else "system", by_name=who.name if who else "",
    )  # fmt: skip
    opening.set_status(enterprise_id=row.pk, status=to, reason=words, closes_at=closes_at)
    events.tell(events.status_changed, schema=row.schema_name, former=made.former, status=to, words=words, turn=made.pk)
    row.status = to
