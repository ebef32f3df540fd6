"""News of the subtitles."""

from django.dispatch import Signal

track_saved = Signal()
"""Sent after commit when a track has a new state. Arguments: ``media_id`` and ``version_ids`` (list). Receivers may run twice."""
