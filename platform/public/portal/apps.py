"""App configuration."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What authorities see of their own division, and what they ask enterprises to mend."""

    name = "public.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep what authorities asked an enterprise to mend, and how it answered, from being destroyed with it."""
        from public.lifecycle.api import Guard, add_guard, add_kept_files
        from public.portal.reading import answered_with, standing_in_the_way

        add_guard(Guard(standing_in_the_way, "portal_rectification"))
        add_kept_files(answered_with)
