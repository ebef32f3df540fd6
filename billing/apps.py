"""App configuration."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """What an enterprise owes: subscriptions (trial at sign-up)."""

    name = "billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for opened enterprises."""
        from billing import receivers  # noqa: F401
