"""App configuration."""

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    """Papers drawn from the bank, attempts and results."""

    name = "apps.exams"
    label = "exams"
    default_auto_field = "django.db.models.BigAutoField"
