"""Writes: an enterprise brings a case, operations decide it, and the enterprise's answer is noted."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.appeals.events import case_decided
from public.appeals.models import Case
from public.appeals.queries import case_view, one
from public.appeals.shapes import CaseView
from public.audit import api as audit
from public.operators import api as operators

DUE = timedelta(days=5)
"""Time that operations have to decide; shown to the learner as a deadline."""


def open_case(*, uuid: UUID, at: datetime, **copy: Any) -> CaseView:
    """Copy a case to the platform from within its enterprise; part of the caller's transaction.

    :param copy: the fields of `Case` about void, session and words; ``learner`` is the masked name
    """
    return case_view(Case.objects.create(uuid=uuid, opened_at=at, due_at=at + DUE, **copy))


@transaction.atomic
def decide(*, case: UUID, restore: bool, reason: str, me: operators.Me, at: datetime, ip: str) -> CaseView:
    """Decide a case for good; told to the enterprise after commit.

    :raises DomainError: ``not_found``; 403 ``forbidden`` for other roles; 409 ``decided`` where a colleague was faster;
        422 ``reason_missing``
    """
    if me.role != operators.Role.OPERATIONS:
        raise DomainError("forbidden", _("只有平台运营可以裁定申诉。"), status=403)
    if not reason.strip():
        raise DomainError("reason_missing", _("请写明理由，学员和企业都会看到。"), status=422)
    row = one(case, lock=True)
    if row.state != Case.State.OPEN:
        raise DomainError("decided", _("这件申诉已有裁定，可能同事刚刚处理过。请刷新页面。"), status=409)
    row.state = Case.State.RESTORED if restore else Case.State.UPHELD
    row.reason, row.decided_by, row.decided_at = reason.strip(), f"operator:{me.credential_id}", at
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    audit.record(
        f"appeal.{row.state.lower()}",
        actor=row.decided_by,
        target=f"appeal:{row.uuid}",
        at=at,
        ip=ip,
        schema_name=row.schema_name,
        name=me.name,
        reason=row.reason,
    )
    transaction.on_commit(lambda: case_decided.send(sender=None, case=row.uuid, schema=row.schema_name))
    return case_view(row)


def note_told(*, case: UUID, at: datetime) -> None:
    """Note that the enterprise has carried the decision out; called from the platform."""
    Case.objects.filter(uuid=case, told_at=None).update(told_at=at)


def tell_again(*, at: datetime) -> int:
    """Send the news of decisions that no enterprise has noted for a minute; return how many."""
    late = Case.objects.filter(told_at=None, decided_at__lt=at - timedelta(minutes=1)).values_list("uuid", "schema_name")
    for case, schema in list(late):
        case_decided.send(sender=None, case=case, schema=schema)
    return len(late)
