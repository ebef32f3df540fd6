"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Credentials."""

    name = "tenants.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
