"""Before anything is destroyed: one operator asks, another approves, and for a day anybody of them may stop it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.lifecycle import changes, ending, guards, queries
from public.lifecycle.holding import require_kept
from public.lifecycle.models import Closure, Destruction, LifeChange
from public.lifecycle.rules import THINK_OVER, is_over
from public.lifecycle.words import Desk, enterprise, note, require_operations, said
from tenants.models import Enterprise

State = Destruction.State
_NAMED = 3
"""So many things that stand in the way are named in a refusal; the page lists all."""


@transaction.atomic
def ask(*, enterprise_id: int, reason: str, name: str, desk: Desk) -> UUID:
    """Ask for everything of a closed enterprise to be destroyed.

    :param name: the enterprise's name, typed, so that nobody asks for the wrong one
    :raises DomainError: 403; 404; 409 ``not_closed``, ``destroyed``, ``retention_runs``, ``blocked``, ``change_open``, ``being_destroyed``;
        422 ``words_missing``, ``words_too_long``, ``name_differs``
    """
    require_operations(desk)
    row = enterprise(enterprise_id, lock=True)
    closure = require_due(row, at=desk.at)
    if of(row.pk) is not None:
        raise being_destroyed()
    reason = said(reason, least=4, most=300, field="reason", message=_("请写明依据，例如保存期满、与企业核对情况。"))
    if "".join(name.split()) != "".join(row.name.split()):
        raise DomainError("name_differs", _("与企业全称不一致，请照着输入。"), status=422, field="name")
    return changes.write(row, closure, kind=LifeChange.Kind.DESTROY, reason=reason, desk=desk).uuid


def being_destroyed() -> DomainError:
    """Return the refusal of whatever comes too late."""
    return DomainError("being_destroyed", _("销毁已经批准，请先停止销毁再办理。"), status=409)


def require_due(row: Enterprise, *, at: datetime) -> Closure:
    """Return the closing of an enterprise whose legal periods are over and in whose way nothing stands; its row is locked by the caller.

    :raises DomainError: 409 ``not_closed``, ``destroyed``, ``retention_runs``, ``blocked``
    """
    require_kept(row)
    closure, today = queries.closure(row.pk), clock.shanghai_date(at)
    if closure is None or closure.closed_at is None:
        raise DomainError("not_closed", _("这家企业没有注销，请刷新页面。"), status=409)
    last = ending.lengthened(closure, today=today)
    if not is_over(last, today=today):
        words = _("法定保存期到 %(day)s，期满前不能销毁。") % {"day": last.isoformat()}
        raise DomainError("retention_runs", words, status=409)
    if found := guards.standing(row, on=today):
        what = "；".join(f"{one.title}{f'（{one.text}）' if one.text else ''}" for one in found[:_NAMED])
        raise DomainError("blocked", _("暂不能销毁：%(what)s。处理完再申请。") % {"what": what}, status=409)
    return closure


def of(enterprise_id: int) -> Destruction | None:
    """Return the destruction that is planned, under way or done, or None."""
    return Destruction.objects.filter(enterprise_id=enterprise_id).exclude(state=State.STOPPED).first()


def one(uuid: UUID) -> Destruction:
    """Return a destruction with its enterprise, closing and change.

    :raises DomainError: 404
    """
    row = Destruction.objects.select_related("enterprise", "change__closure").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次销毁，请从列表重新进入。"), status=404)
    return row


def certified(uuid: UUID) -> Destruction:
    """Return a destruction that is done.

    :raises DomainError: 404; 409 ``not_done``
    """
    row = one(uuid)
    if row.state != State.DONE:
        raise DomainError("not_done", _("销毁还没有完成，完成后才有证明。"), status=409)
    return row


def one_by_id(pk: int) -> Destruction:
    """Return a destruction of ours with its enterprise, closing and change, as it stands now."""
    return Destruction.objects.select_related("enterprise", "change__closure").get(pk=pk)


def plan(change: LifeChange, desk: Desk) -> None:
    """Plan what was approved, in the transaction of the decision; it begins in a day.

    :raises DomainError: as :func:`require_due`
    """
    require_due(change.enterprise, at=desk.at)
    made = Destruction.objects.create(enterprise=change.enterprise, change=change, starts_at=desk.at + THINK_OVER)
    note("enterprise.destruction_planned", change.enterprise, desk, destruction=str(made.uuid), starts=made.starts_at.isoformat())


@transaction.atomic
def stop(*, destruction: UUID, reason: str, desk: Desk) -> None:
    """Stop what has not begun; doing it after all takes two again.

    :raises DomainError: 403; 404; 409 ``runs``, ``stopped``; 422 ``words_missing``, ``words_too_long``
    """
    require_operations(desk)
    row = held(one(destruction).pk)
    if row.state == State.STOPPED:
        raise DomainError("stopped", _("已经停止，可能同事刚刚操作过，请刷新页面。"), status=409)
    if row.state != State.WAITING:
        raise DomainError("runs", _("销毁已经开始，不能停止。"), status=409)
    reason = said(reason, least=4, most=300, field="reason", message=_("请写明为什么停止。"))
    halt(row, by=desk.reference, name=desk.name, reason=reason)
    note("enterprise.destruction_stopped", row.enterprise, desk, destruction=str(row.uuid), reason=reason)


def halt(row: Destruction, **why: Any) -> None:
    """Write down that a destruction does not happen: ``by``, ``name``, ``reason``; its row is locked by the caller."""
    row.state = State.STOPPED
    row.stopped_by, row.stopped_name, row.stopped_reason = why["by"], why["name"], why["reason"]
    row.save(update_fields=["state", "stopped_by", "stopped_name", "stopped_reason"])


def held(pk: int) -> Destruction:
    """Return a destruction by its id, locked after its enterprise."""
    enterprise(Destruction.objects.values_list("enterprise_id", flat=True).get(pk=pk), lock=True)
    return Destruction.objects.select_for_update(of=("self",)).select_related("enterprise", "change__closure").get(pk=pk)
