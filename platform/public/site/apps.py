"""App configuration."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Public pages: landing, sign-up, certificate verification, supervision."""

    name = "public.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
