"""News that only the top room can connect."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver

from infra.kit import clock
from public.catalogue.api import media_ready


@receiver(media_ready, dispatch_uid="publish finished demo courses")
def publish_demo_courses(**news: Any) -> None:
    """Publish demo courses whose last film just became ready; never in production, where people review."""
    from infra.wiring import devdata

    if settings.DEV_TOOLS and settings.PUBLISH_DEMO_COURSES:
        devdata.publish_finished(at=clock.now())
