"""Announcements of the platform: to all or to one audience, with a period, pinned or not, marked as read."""
