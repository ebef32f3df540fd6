"""When a film becomes playable, its captions become a track that people can edit; a copy of a film has its track at once."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from infra.kit import clock
from public.catalogue.api import media_copied, media_ready
from public.subtitles import services


@receiver(media_ready, dispatch_uid="tracks of finished films")
def adopt_captions(*, version_ids: list[int], **news: Any) -> None:
    """Write the tracks of the films of these versions."""
    services.adopt(version_ids=version_ids, at=clock.now())


@receiver(media_copied, dispatch_uid="tracks of copied films")
def copy_track(*, from_media: int, to_media: int, at: datetime, **news: Any) -> None:
    """Give the copy the original's tracks; part of the sender's transaction."""
    services.copy_tracks(from_media=from_media, to_media=to_media)
