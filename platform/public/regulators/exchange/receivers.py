"""An enterprise is a record too: authorities learn of it when it opens, before anybody has trained, and when it is suspended, closed or called otherwise."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from infra.kit import clock
from public.regulators.models import FeedRecord
from tenants.models import Enterprise
from tenants.opening import enterprise_changed, enterprise_opened


@receiver(enterprise_opened, dispatch_uid="exchange: enterprises")
def announce(enterprise: Enterprise, at: datetime, **news: Any) -> None:
    """Add its record, in the transaction that opened it; stands on the platform, so the enterprise is named."""
    tell(enterprise, at=at)


@receiver(enterprise_changed, dispatch_uid="exchange: enterprises that changed")
def announce_change(enterprise: Enterprise, **news: Any) -> None:
    """Add how it stands now, in the transaction that changed it."""
    tell(enterprise, at=clock.now())


def tell(enterprise: Enterprise, *, at: datetime) -> None:
    """Add a record of how an enterprise stands now; in the caller's transaction, on the platform."""
    FeedRecord.objects.create(
        schema_name=enterprise.schema_name,
        kind=FeedRecord.Kind.ENTERPRISE,
        subject=enterprise.uuid,
        body={"status": enterprise.status},
        day=clock.shanghai_date(at),
        at=at,
    )
