"""Terms that end: told 60 days before, pulled for new learners when over. Each step happens once, however often it is asked for."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.catalogue import api as catalogue
from public.rights.models import ExpiryAlert, Kind, RightsAsset
from public.rights.rules import NOTICE_DAYS

SYSTEM_ID = 0
"""Stands for the platform itself where the log asks for a credential."""
_log = logging.getLogger(__name__)


def _published() -> QuerySet[RightsAsset]:
    return RightsAsset.objects.filter(version__state="PUBLISHED", replaced_by__isnull=True, valid_to__isnull=False)


def alert_soon(*, at: datetime) -> int:
    """Note each asset of a published version whose term ends within 60 days; returns how many were new."""
    today = clock.shanghai_date(at)
    rows = _published().filter(valid_to__gte=today, valid_to__lte=today + timedelta(days=NOTICE_DAYS))
    return sum(_alert(row, ExpiryAlert.Kind.SOON, at) for row in rows.exclude(alerts__kind=ExpiryAlert.Kind.SOON).order_by("id"))


@transaction.atomic
def _alert(row: RightsAsset, kind: ExpiryAlert.Kind, at: datetime) -> bool:
    _alert_row, made = ExpiryAlert.objects.get_or_create(asset=row, kind=kind, defaults={"at": at})
    if made:
        action = "rights.expiring" if kind == ExpiryAlert.Kind.SOON else "rights.expired"
        target = f"course-version:{row.version_id}"
        audit.record(action, actor="system", target=target, at=at, asset=row.pk, valid_to=str(row.valid_to))
    return made


def retire_expired(*, at: datetime) -> list[int]:
    """Take every published version with an expired asset away from new learners and tell its enterprises; returns their ids.

    Each version is one transaction of its own; one that cannot be retired does not hold up the others.
    """
    over = _published().filter(valid_to__lt=clock.shanghai_date(at))
    wanted = list(over.order_by("version_id").values_list("version_id", flat=True).distinct())
    return [version_id for version_id in wanted if _retired(version_id, at)]


def _retired(version_id: int, at: datetime) -> bool:
    try:
        return _retire(version_id, at)
    except DomainError:
        _log.exception("version %s has expired rights and could not be retired", version_id)
        return False


@transaction.atomic
def _retire(version_id: int, at: datetime) -> bool:
    standing = catalogue.standing(version_id, hold=True)
    # A renewal that was committed meanwhile is seen now, under the lock.
    over = list(_published().filter(version_id=version_id, valid_to__lt=clock.shanghai_date(at)).order_by("id"))
    if standing.state != "PUBLISHED" or not over:
        return False
    names = "、".join(f"{Kind(row.kind).label}“{row.title}”" for row in over)
    reason = f"{names}的授权已到期。"
    catalogue.retire(version_id=version_id, by_id=SYSTEM_ID, reason=reason, at=at, news="RIGHTS")
    for row in over:
        _alert(row, ExpiryAlert.Kind.EXPIRED, at)
    return True
