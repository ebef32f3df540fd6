"""App configuration."""

from django.apps import AppConfig


class OpenApiConfig(AppConfig):
    """The open interface of one enterprise."""

    name = "apps.openapi"
    label = "openapi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the kinds of notice known, and listen to the ledger."""
        from apps.openapi import ending, notices, privacy
        from apps.openapi.hooks import receivers

        assert receivers  # noqa: S101 - importing it connects
        ending.register()
        notices.register()
        privacy.register()
