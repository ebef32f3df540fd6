"""App configuration."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What learners ask about courses and how they rate them."""

    name = "apps.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of notice known, and listen to what the platform decides."""
        from apps.community.threads import notices, receivers

        assert receivers  # noqa: S101 - importing it connects
        notices.register()
