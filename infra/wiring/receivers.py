"""News that only the top room can connect."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver

from infra.kit import clock
from public.catalogue.api import add_text_source, media_ready, texts_changed
from public.subtitles.api import text_of, track_saved

add_text_source(text_of)  # what is said in a course can be searched for; neither room knows the other


@receiver(media_ready, dispatch_uid="publish finished demo courses")
def publish_demo_courses(**news: Any) -> None:
    """Publish demo courses whose last film just became ready; never in production, where people review."""
    from infra.wiring import devdata

    if settings.DEV_TOOLS and settings.PUBLISH_DEMO_COURSES:
        devdata.publish_finished(at=clock.now())


@receiver(track_saved, dispatch_uid="search what is said")
def search_subtitles(version_ids: list[int], **news: Any) -> None:
    """Tell the search that the words of versions changed."""
    texts_changed.send(sender=None, version_ids=version_ids)
