"""App configuration."""

from django.apps import AppConfig


class TimingConfig(AppConfig):
    """Response times of pages, told by browsers."""

    name = "public.timing"
    label = "timing"
    default_auto_field = "django.db.models.BigAutoField"
