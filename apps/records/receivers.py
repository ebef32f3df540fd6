"""What the record writes down by itself."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from apps.records.services import append_entry
from tenants.api import current_site, require
from tenants.keys.events import key_changed


@receiver(key_changed, dispatch_uid="enter news of keys")
def enter_key_event(body: dict[str, Any], by: str, at: datetime, **news: Any) -> None:
    """Enter what happened to the enterprise's data key (clause 五.1); its subject is the enterprise. The platform has no ledger."""
    if not require().is_platform:
        append_entry(kind="KEY", subject=current_site().uuid, body={**body, "by": by}, at=at)
