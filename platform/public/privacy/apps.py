"""App configuration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Versions of the notices, and the dated rule of times."""

    name = "public.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
