"""The second operator's word on a closed enterprise: what is approved happens in the same transaction."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from public.lifecycle import changes, reopening
from public.lifecycle.destruction import planning
from public.lifecycle.models import LifeChange
from public.lifecycle.words import Desk, said

Kind = LifeChange.Kind
_DO: dict[str, Callable[[LifeChange, Desk], None]] = {Kind.REOPEN: reopening.carry_out, Kind.DESTROY: planning.plan}


@transaction.atomic
def decide(*, change: UUID, approve: bool, reason: str, desk: Desk) -> LifeChange:
    """Approve or refuse what a colleague asked for.

    :param reason: needed to refuse
    :raises DomainError: 403 ``forbidden``, ``own_change``; 404; 409 ``decided``, ``change_lapsed``, and what the thing itself is refused with;
        422 ``words_missing``, ``words_too_long``
    """
    row = changes.held(change, desk)
    message = _("请写明为什么不批准，申请人会看到。")
    reason = said(reason, least=0 if approve else 4, most=300, field="reason", message=message)
    changes.decided(row, approve=approve, reason=reason, desk=desk)
    if approve:
        _DO[row.kind](row, desk)
    return row
