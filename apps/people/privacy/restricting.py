"""Restriction: nothing but keeping (PIPL arts. 44, 47). The person signs in, sees the own data and may end it at any time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import events
from apps.people.models import Learner
from infra.kit.errors import DomainError
from public.audit import api as audit


def apply(learner_id: int, *, at: datetime) -> dict[str, Any]:
    """Restrict; returns what goes into the ledger. Part of the caller's transaction. Open study sessions are closed."""
    row = Learner.objects.select_for_update(of=("self",)).get(pk=learner_id)
    if row.restricted_at is None:
        row.restricted_at = at
        row.save(update_fields=["restricted_at"])
        transaction.on_commit(lambda: events.learner_archived.send_robust(sender=Learner, learner_id=row.pk, at=at))
    return {"restricted": True}


@transaction.atomic
def lift(*, learner_id: int, at: datetime) -> None:
    """End the restriction by the learner's own wish. Repeating changes nothing.

    :raises DomainError: 409 ``erasure_granted``: it stands until the rest is erased
    """
    row = Learner.objects.select_for_update(of=("self",)).get(pk=learner_id)
    if row.erase_on is not None:
        raise DomainError("erasure_granted", _("您的信息正在等待删除，不能再恢复使用。"), status=409)
    if row.restricted_at is None:
        return
    row.restricted_at = None
    row.save(update_fields=["restricted_at"])
    audit.record("privacy.restriction_ended", actor=f"learner:{learner_id}", target=f"learner:{row.uuid}", at=at)
    events.tell_learners_changed()
