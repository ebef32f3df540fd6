"""What the ledger tells."""

from typing import Any

from django.dispatch import receiver

from apps.openapi.hooks import ringing
from apps.records.api import ledger_grew


@receiver(ledger_grew, dispatch_uid="ring the carrier of hooks")
def ring(**news: Any) -> None:
    """Have what the trigger laid out carried away."""
    ringing.ring_where_hooks_are()
