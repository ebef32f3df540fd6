"""News from below: an enterprise was opened."""

from datetime import datetime, timedelta
from typing import Any

from django.dispatch import receiver

from billing.models import Subscription
from tenants.models import Enterprise
from tenants.opening import enterprise_opened

TRIAL = timedelta(days=30)


@receiver(enterprise_opened)
def begin_trial(sender: type[Enterprise], *, enterprise: Enterprise, at: datetime, **_kwargs: Any) -> None:
    """Write the trial within the opening transaction: no enterprise without a subscription."""
    Subscription.objects.create(enterprise=enterprise, plan=Subscription.Plan.TRIAL, started_at=at, ends_at=at + TRIAL)
