"""Boot check: production without a virus scanner lets infected files through to reviewers and learners."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from public.uploads.ports import SCANNER


@register()
def a_scanner_is_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn about production without a scanner that really scans."""
    if settings.DEV_TOOLS or (SCANNER.is_filled and SCANNER.get().is_real):
        return []
    return [
        checks.Warning(
            "production has no virus scanner: uploaded files are stored unscanned",
            hint="Name a ClamAV daemon: SCANNER_URL=clamd://host:3310",
            id="anxue.W004",
        )
    ]
