"""App configuration."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Legal periods, packages of old months, holds and orders."""

    name = "public.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"
