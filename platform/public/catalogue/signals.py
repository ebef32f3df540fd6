"""News of the catalogue for the rooms above it, which may not be imported from here."""

from django.dispatch import Signal

version_copied = Signal()
"""Sent inside the transaction in which a draft was written from another version. Arguments: ``from_version`` and ``to_version``
(ids), ``lessons`` (dict: id of a lesson of the former -> id of the same lesson in the new one), ``by_id`` (credential), ``at``."""

media_copied = Signal()
"""Sent inside the transaction in which a draft's lesson got a copy of its media. Arguments: ``from_media`` and ``to_media``
(ids), ``at``. The copy's files follow in the background; `media.media_ready` tells when they are there."""

version_recalled = Signal()
"""Sent after commit when a version was taken down at once. Argument: ``version_id``. Receivers may run twice."""
