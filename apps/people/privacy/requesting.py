"""Asking: a correction, a restriction, the deletion of what is kept about oneself; and taking a request back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people.models import Learner, PrivacyRequest
from apps.people.privacy import correcting, telling
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.privacy import api as privacy
from public.review import api as review

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State


@transaction.atomic
def ask(
    *, learner_id: int, kind: str, words: str, at: datetime, wanted: Mapping[str, str] | None = None, ip: str = ""
) -> PrivacyRequest:
    """Ask; managers are told, and the time for an answer begins (15 working days, or what the dated rule says).

    :param wanted: of a correction: field of `rules.CORRECTABLE` to its right value; equal and empty ones are left out
    :raises DomainError: 422 ``words_missing``, ``nothing_to_correct`` or a wrong value; 409 ``asked_already``, ``restricted_already``, ``erased``
    """
    kind, words = Kind(kind), words.strip()[:1000]
    if kind == Kind.EXPORT:
        raise ValueError("an export is ordered, not asked for")
    row = Learner.objects.select_for_update(of=("self",)).get(pk=learner_id)
    _refuse(row, kind)
    values = correcting.checked(row, wanted or {}, on=clock.shanghai_date(at)) if kind == Kind.CORRECTION else {}
    if kind != Kind.CORRECTION and len(words) < 2:
        raise DomainError("words_missing", _("请写明原因，一两句话就可以。"), status=422, field="words")
    found = PrivacyRequest.objects.create(
        learner_id=learner_id,
        kind=kind,
        state=State.WAITING,
        words=words,
        fields=sorted(values),
        wanted_sealed=correcting.sealed(values) if values else b"",
        at=at,
        due_at=review.working_days_after(at, privacy.rule(clock.shanghai_date(at)).answer_days),
    )
    who = f"learner:{learner_id}"
    audit.record("privacy.asked", actor=who, target=f"privacy:{found.uuid}", at=at, ip=ip or None, kind=str(kind))
    telling.asked(found, at=at)
    return found


def _refuse(row: Learner, kind: str) -> None:
    if PrivacyRequest.objects.filter(learner=row, kind=kind, state=State.WAITING).exists():
        words = _("同样的请求正在处理，请等待答复；要改内容，可以先撤回再提出。")
        raise DomainError("asked_already", words, status=409)
    if kind == Kind.RESTRICTION and row.restricted_at is not None:
        raise DomainError("restricted_already", _("您的信息已经限制处理，可以随时解除。"), status=409)


@transaction.atomic
def take_back(*, uuid: UUID, learner_id: int, at: datetime) -> None:
    """Take a request back that nobody has answered. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 409 ``decided_already``
    """
    row = PrivacyRequest.objects.select_for_update().filter(uuid=uuid, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个请求。"), status=404)
    if row.state == State.WITHDRAWN:
        return
    if not row.is_waiting:
        raise DomainError("decided_already", _("这个请求已经有了答复，不能再撤回。"), status=409)
    row.state, row.wanted_sealed, row.decided_at = State.WITHDRAWN, b"", at
    row.save(update_fields=["state", "wanted_sealed", "decided_at"])
    audit.record("privacy.withdrawn", actor=f"learner:{learner_id}", target=f"privacy:{uuid}", at=at)
