"""Opening a closed enterprise again, while the law still keeps its records: on its owner's word, by two operators.

What comes back: schema and records, logins with their passwords, the address, the state that it had before its closing. What does not: the
verification (papers are looked at again), keys of other systems and webhooks (whoever held them for years may be anybody), the study that
ended, and a subscription that has run out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.lifecycle import changes, events, queries
from public.lifecycle.closing import former_words
from public.lifecycle.destruction import planning
from public.lifecycle.holding import require_kept
from public.lifecycle.models import Closure, LifeChange, Turn
from public.lifecycle.rules import is_over
from public.lifecycle.standing import Status, turn
from public.lifecycle.words import Desk, enterprise, note, require_operations, said
from tenants import opening
from tenants.models import Enterprise


@dataclass(frozen=True, slots=True)
class Returning:
    """One thing about an enterprise that is opened again: whether it comes back, what it is, and how many or what to do."""

    comes_back: bool
    title: Any
    text: str = ""


Source = Callable[[Enterprise], list[Returning]]
_sources: dict[Source, None] = {}


def add_returning(source: Source) -> None:
    """Let another room say what of it comes back. Called in ``ready()``, asked while standing on the platform."""
    _sources[source] = None


def returning(row: Enterprise) -> list[Returning]:
    """Return what comes back when an enterprise is opened again, then what does not."""
    former = queries.closure(row.pk)
    state = Status(former.former).label if former else Status.ACTIVE.label
    found = [
        Returning(True, _("状态"), str(_("恢复到注销前：%(state)s") % {"state": state})),
        Returning(True, _("网址"), row.subdomain),
        Returning(True, _("档案、证明、计划和设置"), str(_("原样保留"))),
        Returning(False, _("企业核验"), str(_("须重新提交材料，由两人核验"))),
        *(one for source in _sources for one in source(row)),
    ]
    return sorted(found, key=lambda one: not one.comes_back)


@transaction.atomic
def ask(*, enterprise_id: int, reason: str, desk: Desk) -> UUID:
    """Ask for a closed enterprise to be opened again.

    :param reason: who of the enterprise asked for it, and how that was checked; its people read it
    :raises DomainError: 403; 404; 409 ``not_closed``, ``destroyed``, ``retention_over``, ``being_destroyed``, ``change_open``;
        422 ``words_missing``, ``words_too_long``
    """
    require_operations(desk)
    row = enterprise(enterprise_id, lock=True)
    closure = _open(row, desk)
    words = _("请写明谁提出、怎样核实身份，企业人员会看到。")
    reason = said(reason, least=6, most=300, field="reason", message=words)
    return changes.write(row, closure, kind=LifeChange.Kind.REOPEN, reason=reason, desk=desk).uuid


def _open(row: Enterprise, desk: Desk) -> Closure:
    require_kept(row)
    if planning.of(row.pk) is not None:
        raise planning.being_destroyed()
    closure = queries.closure(row.pk)
    if closure is None or closure.kept_until is None:
        raise DomainError("not_closed", _("这家企业没有注销，请刷新页面。"), status=409)
    if is_over(closure.kept_until, today=clock.shanghai_date(desk.at)):
        words = _("法定保存期已过，不能重新开通。企业需要使用时，请重新注册。")
        raise DomainError("retention_over", words, status=409)
    return closure


def carry_out(change: LifeChange, desk: Desk) -> None:
    """Open the enterprise again, in the transaction of the decision; rooms above end their keys in it too.

    :raises DomainError: 409 ``not_closed``, ``destroyed``, ``retention_over``
    """
    row = change.enterprise
    closure = _open(row, desk)
    closure.reopened_at = desk.at
    closure.save(update_fields=["reopened_at"])
    is_active = closure.former == Status.ACTIVE
    words = change.reason if is_active else former_words(row)
    cause = Turn.Cause.OWN_WISH if is_active else Turn.Cause.OTHER
    turn(row, to=closure.former, cause=cause, words=words, who=desk)
    opening.note_unverified(enterprise_id=row.pk)
    events.reopening.send(sender=None, enterprise=row, at=desk.at)
    note(
        "enterprise.returned", row, desk, reason=change.reason, change=str(change.uuid),
        before={"status": Status.CLOSED}, after={"status": row.status},
    )  # fmt: skip
