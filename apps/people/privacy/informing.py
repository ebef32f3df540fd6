"""Telling people what is done with their data, in the version that holds, and again when another one begins (PIPL art. 17)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people.models import Identity, Learner
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.privacy import api as privacy


def notice_due(learner_id: int, *, at: datetime) -> privacy.NoticeView | None:
    """Return the notice that a learner has not read in the version that holds, or None; two queries."""
    held = privacy.notice(privacy.Kind.PRIVACY, clock.shanghai_date(at))
    told = Identity.objects.filter(learner_id=learner_id).values_list("told_version", flat=True).first()
    return None if told == held.version else held


@transaction.atomic
def read(*, learner_id: int, version: str, at: datetime) -> None:
    """Write down that a learner has read the notice; the ledger keeps the version and the fingerprint of its text. Repeating changes nothing.

    :raises DomainError: 409 ``notice_changed``: another version holds meanwhile
    """
    held = privacy.notice(privacy.Kind.PRIVACY, clock.shanghai_date(at))
    if version != held.version:
        raise DomainError("notice_changed", _("告知刚刚更新，请再看一遍。"), status=409)
    Identity.objects.get_or_create(learner_id=learner_id)
    row = Identity.objects.select_for_update().get(learner_id=learner_id)
    if row.told_version == version:
        return
    row.told_version, row.told_at = version, at
    row.save(update_fields=["told_version", "told_at"])
    subject = Learner.objects.values_list("uuid", flat=True).get(pk=learner_id)
    body = {"event": "told", "notice": held.version, "notice_digest": held.digest}
    records.append_entry(kind="CONSENT", subject=subject, body=body, at=at)
