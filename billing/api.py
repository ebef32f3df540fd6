"""Front door of billing."""

from dataclasses import dataclass
from datetime import datetime

from billing.models import Subscription
from tenants.scope import platform_scope

__all__ = ["SubscriptionView", "subscription"]


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """What an enterprise is subscribed to now or was last."""

    plan: str
    plan_name: str
    started_at: datetime
    ends_at: datetime

    def days_left(self, at: datetime) -> int:
        """Return the whole days left, 0 when it has ended."""
        return max(0, (self.ends_at - at).days)


def subscription(*, enterprise_id: int) -> SubscriptionView | None:
    """Return the latest subscription of an enterprise, or None. Reads on the platform from wherever one stands."""
    with platform_scope():
        row = Subscription.objects.filter(enterprise_id=enterprise_id).order_by("-ends_at").first()
    return SubscriptionView(row.plan, row.get_plan_display(), row.started_at, row.ends_at) if row else None
