"""App configuration."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Study sessions, beats and the credit engine."""

    name = "apps.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"
