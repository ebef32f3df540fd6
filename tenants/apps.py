"""App configuration."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Enterprises and their schemas."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the boot checks."""
        from tenants import checks  # noqa: F401
