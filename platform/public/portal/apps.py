"""App configuration."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """What authorities see of their own division, and what they ask enterprises to mend."""

    name = "public.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
