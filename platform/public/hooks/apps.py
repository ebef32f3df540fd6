"""App configuration."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """Which enterprises have hooks (decision 0068)."""

    name = "public.hooks"
    label = "hooks"
    default_auto_field = "django.db.models.BigAutoField"
