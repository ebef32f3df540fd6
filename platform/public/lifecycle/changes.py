"""What is done to a closed enterprise is asked for by one operator and decided by another (clause 五.7)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.lifecycle.models import Closure, LifeChange
from public.lifecycle.rules import DECIDE_WITHIN
from public.lifecycle.words import Desk, enterprise, note, require_operations
from tenants.models import Enterprise

Kind, State = LifeChange.Kind, LifeChange.State


def write(row: Enterprise, closure: Closure, *, kind: str, reason: str, desk: Desk) -> LifeChange:
    """Write down what one operator asks for; the enterprise's row is locked by the caller, who has checked the rest.

    :raises DomainError: 409 ``change_open``
    """
    for late in LifeChange.objects.select_for_update().filter(enterprise=row, state=State.OPEN, expires_at__lte=desk.at):
        _lapsed(late, row, desk.at)
    try:
        with transaction.atomic():
            made = LifeChange.objects.create(
                enterprise=row, closure=closure, kind=kind, reason=reason, asked_by=desk.me.credential_id, asked_name=desk.name,
                asked_at=desk.at, expires_at=desk.at + DECIDE_WITHIN,
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError("change_open", _("已有一项申请在等同事批准，请先处理。"), status=409) from error
    note(f"enterprise.{_NAMES[Kind(kind)]}_asked", row, desk, reason=reason, change=str(made.uuid))
    return made


_NAMES = {Kind.REOPEN: "reopening", Kind.DESTROY: "destruction"}


def held(change: UUID, desk: Desk) -> LifeChange:
    """Return what was asked for, locked after its enterprise.

    :raises DomainError: 403 ``forbidden``; 404; 409 ``decided``, ``change_lapsed``
    """
    require_operations(desk)
    owner = LifeChange.objects.filter(uuid=change).values_list("enterprise_id", flat=True).first()
    if owner is None:
        raise DomainError("not_found", _("没有找到这项申请，请刷新页面。"), status=404)
    enterprise(owner, lock=True)
    rows = LifeChange.objects.select_for_update(of=("self",)).select_related("enterprise", "closure")
    row = rows.get(uuid=change)
    if row.state != State.OPEN:
        raise DomainError("decided", _("这项申请已有结果，可能同事刚刚处理过，请刷新页面。"), status=409)
    if not row.waits(desk.at):
        raise DomainError("change_lapsed", _("这项申请已过期，请重新提出。"), status=409)
    return row


def decided(row: LifeChange, *, approve: bool, reason: str, desk: Desk) -> None:
    """Write the decision down; whoever asked does not decide.

    :raises DomainError: 403 ``own_change``
    """
    if row.asked_by == desk.me.credential_id:
        raise DomainError("own_change", _("须由申请人以外的同事批准。"), status=403)
    row.state = State.APPROVED if approve else State.REFUSED
    row.decided_by, row.decided_name, row.decided_at, row.decided_reason = desk.me.credential_id, desk.name, desk.at, reason
    row.save(update_fields=["state", "decided_by", "decided_name", "decided_at", "decided_reason"])
    outcome = "approved" if approve else "refused"
    note(f"enterprise.{_NAMES[Kind(row.kind)]}_{outcome}", row.enterprise, desk, reason=reason, change=str(row.uuid))


@transaction.atomic
def withdraw(*, change: UUID, desk: Desk) -> None:
    """Take back what one asked for oneself.

    :raises DomainError: 403 ``forbidden``, ``not_own``; 404; 409 ``decided``, ``change_lapsed``
    """
    row = held(change, desk)
    if row.asked_by != desk.me.credential_id:
        raise DomainError("not_own", _("只有申请人可以撤回；不同意的话，请选择“不批准”。"), status=403)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    note(f"enterprise.{_NAMES[Kind(row.kind)]}_withdrawn", row.enterprise, desk, change=str(row.uuid))


def lapse(*, at: datetime) -> int:
    """End what nobody decided in time, each in the log; returns how many. Safe to repeat."""
    done = 0
    for pk in list(LifeChange.objects.filter(state=State.OPEN, expires_at__lte=at).values_list("pk", flat=True)):
        with transaction.atomic():
            row = LifeChange.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=pk)
            if row.state != State.OPEN:
                continue
            _lapsed(row, row.enterprise, at)
            done += 1
    return done


def _lapsed(row: LifeChange, whose: Enterprise, at: datetime) -> None:
    row.state = State.LAPSED
    row.save(update_fields=["state"])
    audit.record(
        f"enterprise.{_NAMES[Kind(row.kind)]}_lapsed", actor="system", target=f"enterprise:{whose.uuid}", at=at,
        schema_name=whose.schema_name, change=str(row.uuid),
    )  # fmt: skip


def open_of(enterprise_id: int, *, at: datetime) -> LifeChange | None:
    """Return what waits for a decision about an enterprise, or None."""
    row = LifeChange.objects.filter(enterprise_id=enterprise_id, state=State.OPEN).first()
    return row if row is not None and row.waits(at) else None
