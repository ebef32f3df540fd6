"""App configuration."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What learners ask about courses and how they rate them."""

    name = "apps.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"
