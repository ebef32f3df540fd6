"""App configuration."""

from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    """People who run the platform, their second factor and their desks."""

    name = "public.operators"
    label = "operators"
    default_auto_field = "django.db.models.BigAutoField"
