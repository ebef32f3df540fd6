"""Reminding of keys that end soon: whoever waits for the day finds another system standing still."""

from datetime import datetime

from apps.openapi import keys
from apps.people import api as people
from infra.kit import clock


def remind(*, at: datetime) -> int:
    """Tell those who may change keys of each that ends within 14 days, once; returns of how many keys. Nothing where there is none."""
    rows = list(keys.listing(state="SOON", at=at))
    if not rows:
        return 0
    managers = people.managers_who(people.Permission.INTERFACES_CHANGE)
    for row in rows:
        context = {"name": row.name, "key": str(row.uuid), "on": clock.shanghai_date(row.expires_at).isoformat()}
        people.notify_all(kind="openapi.key_ends", manager_ids=managers, context=context, at=at, about=f"key:{row.uuid}")
    return len(rows)
