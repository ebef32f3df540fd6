"""Announcements of the platform, as people of an enterprise read them (`public.site`)."""
