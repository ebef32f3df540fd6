"""Answering: a manager grants or refuses with a reason; what was granted is done in the same transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import sealing
from apps.people.belonging import Units
from apps.people.models import PrivacyRequest
from apps.people.privacy import correcting, entering, erasing, queries, restricting, telling
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import ports
from tenants.api import current_site
from tenants.errors import Unavailable

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
SHORTEST = 2


@transaction.atomic
def decide(
    *, uuid: UUID, approved: bool, reason: str, by: int, own: int | None, at: datetime, ip: str = "", within: Units = None
) -> PrivacyRequest:
    """Answer one request.

    :param by: the manager's id; ``own``: the same person's id as a learner, who does not answer the own request
    :raises DomainError: 404 ``not_found``; 422 ``reason_missing``; 409 ``decided_already``, ``own_request`` and what doing it refuses
    """
    reason = " ".join(reason.split())[:500]
    if len(reason) < SHORTEST:
        raise DomainError("reason_missing", _("请写明理由，本人会看到。"), status=422, field="reason")
    queries.one(uuid, within=within)
    row = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("learner").get(uuid=uuid)
    if not row.is_waiting:
        raise DomainError("decided_already", _("这个请求已经办理，请刷新页面查看结果。"), status=409)
    if own == row.learner_id:
        raise DomainError("own_request", _("这是您本人的请求，请由另一位管理员答复。"), status=409)
    mobile = sealing.unseal(row.learner.mobile_sealed, sealing.MOBILE)
    effect = _do(row, by=by, at=at) if approved else {}
    row.state = State.APPROVED if approved else State.REFUSED
    row.reason, row.decided_by_id, row.decided_at, row.wanted_sealed, row.effect = reason, by, at, b"", effect
    row.save()
    entering.enter(row, effect, at=at)
    who = f"manager:{by}"
    audit.record("privacy.decided", actor=who, target=f"privacy:{uuid}", at=at, ip=ip or None, kind=row.kind, state=row.state)
    if approved and row.kind == Kind.ERASURE:  # nobody can sign in to read it any more
        if not effect["kept_until"]:
            erasing.finish(row.learner_id, at=at)
        transaction.on_commit(lambda: _tell_once(mobile, str(effect["kept_until"])))
    else:
        telling.decided(row, at=at)
    return row


def _do(row: PrivacyRequest, *, by: int, at: datetime) -> dict[str, Any]:
    if row.kind == Kind.CORRECTION:
        return correcting.apply(row, by=by, at=at)
    if row.kind == Kind.RESTRICTION:
        return restricting.apply(row.learner_id, at=at)
    return erasing.apply(row.learner_id, by=by, at=at)


def _tell_once(mobile: str, kept_until: str) -> None:
    """Send the last message to a number that is forgotten already; who cannot be reached now is not told again."""
    if kept_until:
        text = _("您在%(enterprise)s的删除申请已办理。依法必须保存的培训档案保存至 %(day)s，期间停止其他使用，到期删除。")
    else:
        text = _("您在%(enterprise)s的删除申请已办理，您的个人信息已删除。")
    try:
        ports.SMS.get().send_text(mobile=mobile, text=str(text) % {"enterprise": current_site().name, "day": kept_until})
    except (Unavailable, LookupError):
        return
