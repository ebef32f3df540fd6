"""App configuration."""

from django.apps import AppConfig


class CspConfig(AppConfig):
    """Reports of browsers against the content security policy."""

    name = "public.csp"
    label = "csp"
    default_auto_field = "django.db.models.BigAutoField"
