"""Boot check: production without an SMS vendor would lock people out silently, so it does not start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from tenants.ports import SMS


@register()
def a_vendor_is_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report production without a vendor that really sends."""
    if settings.DEV_TOOLS or SMS.is_filled:
        return []
    return [
        Error(
            "production has no SMS vendor: nobody could sign up or sign in by code",
            hint="Configure a vendor, or run with ANXUE_ENV=demo to try the product out.",
            id="anxue.E002",
        )
    ]
